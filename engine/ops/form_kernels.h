// FormKernel: the boxed kernel of one form of a declared operator, made of its rule and its compute functor.
#pragma once

#include "engine/dispatch/kernel.h"
#include "engine/ops/register_operators.h"

namespace engine::ops {

// Objects for boxed_kernel_of. On meta nothing is computed.
struct FormKernel {
  const OperatorDeclaration* declaration;
  Form form;
  void operator()(const Call& call, Stack& stack) const;
};

// At BackendSelect, for operators without tensors: calls the backend of the device argument.
struct SelectBackend {
  int device_argument;  // -1: there is none
  void operator()(const Call& call, Stack& stack) const;
};

// At ADInplaceOrView: calls the kernels below, then bumps the version of each written tensor.
struct BumpVersions {
  void operator()(const Call& call, Stack& stack) const;
};

// Gives the tensor these sizes and strides and grows its memory where it is too small. An Error if the size
// in bytes overflows. Emits no warnings.
void resize_to(const Tensor& tensor, IntSpan sizes, IntSpan strides);

}  // namespace engine::ops
