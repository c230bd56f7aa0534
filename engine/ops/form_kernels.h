// FormKernel: the boxed kernel of one form of a declared operator, from its rule and its compute functor.
#pragma once

#include "engine/dispatch/kernel.h"
#include "engine/ops/register_operators.h"

namespace engine::ops {

// Computes nothing on meta.
struct FormKernel {
  const OperatorDeclaration* declaration;
  Form form;
  void operator()(const Call& call, Stack& stack) const;
};

// What the call's results will be. Refuses what the call refuses by metadata.
Plan planned(const OperatorDeclaration& declaration, const CallArguments& args);

// At BackendSelect, for operators without tensors: calls the kernel of the device argument.
struct SelectBackend {
  int device_argument;  // -1 if there is none
  void operator()(const Call& call, Stack& stack) const;
};

// At ADInplaceOrView: calls the kernels below, then bumps the version of each written tensor.
struct BumpVersions {
  void operator()(const Call& call, Stack& stack) const;
};

// Sets sizes and strides, and grows the memory if it is too small. An Error if the size in bytes overflows.
// Emits no warnings.
void resize_to(const Tensor& tensor, IntSpan sizes, IntSpan strides);

}  // namespace engine::ops
