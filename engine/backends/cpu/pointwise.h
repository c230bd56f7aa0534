// Pointwise kernels on the CPU: operands of any dtype and strides, walked block by block.
// Promises: an operand that is the result itself, with the same strides, is read before it is written.
#pragma once

#include "engine/backends/machine.h"

namespace engine::cpu {

// As Machine::pointwise says.
void run_pointwise(const PointwiseKernel& kernel, DType common, const Tensor& out,
                   std::span<const PointwiseOperand> operands);

}  // namespace engine::cpu
