// Pointwise kernels on the CPU, block by block.
#pragma once

#include "engine/backends/machine.h"

namespace engine::cpu {

// Machine::pointwise.
void run_pointwise(const PointwiseKernel& kernel, DType common, const Tensor& out,
                   std::span<const PointwiseOperand> operands);

}  // namespace engine::cpu
