// Reductions on the CPU: one element of the result at a time, its elements loaded in blocks.
#pragma once

#include <vector>

#include "engine/core/tensor.h"
#include "engine/kernels/reduction_kernel.h"

namespace engine::cpu {

// Folds the dimensions of `self` that `reduced` marks, computing in `common`; `out` has a dimension for each
// of the others, in order, and perhaps ones for the reduced.
void run_reduction(const ReductionKernel& kernel, DType common, const Tensor& out, const Tensor& self,
                   const std::vector<bool>& reduced);

}  // namespace engine::cpu
