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

// At BackendSelect, for operators without tensors: on to the backend of the device argument.
struct SelectBackend {
  int device_argument;  // -1: there is none
  void operator()(const Call& call, Stack& stack) const;
};

// At ADInplaceOrView: on, then each written argument's version is bumped.
struct BumpVersions {
  std::vector<size_t> written;
  void operator()(const Call& call, Stack& stack) const;
};

// Makes the tensor fit: error, or resized and, where that happened, restrided. Warnings are nobody's here.
void resize_to(const Tensor& tensor, IntSpan sizes, IntSpan strides);

}  // namespace engine::ops
