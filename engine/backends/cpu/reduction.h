// Reductions on the CPU: one element of the result at a time, its elements loaded in blocks.
#pragma once

#include <vector>

#include "engine/core/tensor.h"
#include "engine/kernels/reduction_kernel.h"

namespace engine::cpu {

// Machine::reduction.
void run_reduction(const ReductionKernel& kernel, DType common, const Tensor& out, const Tensor& self,
                   const std::vector<bool>& reduced);

}  // namespace engine::cpu
