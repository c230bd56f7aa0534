// Matrix products on the CPU. Operands are packed first, so that layouts do not change sums.
#pragma once

#include "engine/core/tensor.h"

namespace engine::cpu {

// Machine::product.
void matrix_product(const Tensor& out, const Tensor& a, const Tensor& b);

}  // namespace engine::cpu
