// Rows: kernels that need all elements along one dimension at once, on the CPU. A row is loaded into f64, the
// functor changes it where it stands, and it is stored.
#pragma once

#include "engine/core/tensor.h"
#include "engine/kernels/row_kernel.h"

namespace engine::cpu {

// As Machine::rows says.
void run_rows(const RowKernel& kernel, const Tensor& out, const Tensor& self, size_t dim);

}  // namespace engine::cpu
