// Rows: kernels that need all elements along one dimension at once, on the CPU. A row is loaded into f64, the
// functor changes it where it stands, and it is stored.
#pragma once

#include <cstdint>

#include "engine/core/tensor.h"

namespace engine::cpu {

using RowFunction = void (*)(double* row, int64_t count);

// `out` and `self` have the same sizes; the two may be the same tensor.
void run_rows(const Tensor& out, const Tensor& self, size_t dim, RowFunction function);

template <class Row>
void run_rows(const Tensor& out, const Tensor& self, size_t dim) {
  run_rows(out, self, dim, [](double* row, int64_t count) { Row{}(row, count); });
}

}  // namespace engine::cpu
