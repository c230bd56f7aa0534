// Matrix products on the CPU, of any strides: operands are packed first, so that layouts do not change sums.
#pragma once

#include "engine/core/tensor.h"

namespace engine::cpu {

// out[m, n] = a[m, k] b[k, n], all of one dtype. `out` overlaps neither.
void matrix_product(const Tensor& out, const Tensor& a, const Tensor& b);

}  // namespace engine::cpu
