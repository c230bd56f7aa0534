// Elements chosen by integers that stand in a tensor, on the CPU.
#pragma once

#include "engine/core/tensor.h"

namespace engine::cpu {

// As Machine::gather says.
void run_gather(const Tensor& out, const Tensor& self, size_t dim, const Tensor& index);

}  // namespace engine::cpu
