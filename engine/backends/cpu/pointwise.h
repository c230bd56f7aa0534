// Pointwise kernels on the CPU: operands of any dtype and strides, walked block by block.
// Promises: an operand that is the result itself, with the same strides, is read before it is written.
#pragma once

#include <span>

#include "engine/core/scalar.h"
#include "engine/core/tensor.h"
#include "engine/ops/pointwise_kernel.h"

namespace engine::cpu {

// One operand: a tensor that broadcasts to the result's sizes, or a number.
struct PointwiseOperand {
  const Tensor* tensor = nullptr;
  Scalar number = {};
  bool rounded = true;  // to what a tensor of the common dtype would hold
};

// Operands meet in `common`; the result has the dtype that the kernel gives for it.
void run_pointwise(const ops::PointwiseKernel& kernel, DType common, const Tensor& out,
                   std::span<const PointwiseOperand> operands);

// Elements of `from`, cast, into `to`; `from` broadcasts. They may not overlap.
void copy_elements(const Tensor& to, const Tensor& from);

// Every element becomes the number, cast; the tensor's lazy bits are seen through.
void fill_elements(const Tensor& to, const Scalar& number);

}  // namespace engine::cpu
