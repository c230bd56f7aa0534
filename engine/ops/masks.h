// Masks: tensors that choose the positions of their elements that are not zero. How many these are is data,
// so a rule that calls these functions reads elements. Refuses, by NeedsData, a mask without data.
#pragma once

#include <string>

#include "engine/core/tensor.h"

namespace engine::ops {

// The positions of the elements that are not zero, in row-major order: i64 [number of them, rank], with the
// coordinates of one dimension next to each other in memory, on the CPU. `op` is for the message.
Tensor nonzero_positions(const Tensor& mask, const std::string& op);

// Refuses masks of other dtypes than bool, as masked_select does.
void require_bools(const Tensor& mask);

// Whether an index of this dtype is a mask: bools, and bytes as in older programs.
constexpr bool is_mask(DType dtype) { return dtype == DType::b8 || dtype == DType::u8; }

}  // namespace engine::ops
