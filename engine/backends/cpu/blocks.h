// Blocks: stretches of elements on their way between memory and a kernel: loaded with a cast to the compute
// type, stored with a cast from it. Strides are in elements. Promises: nothing but the elements named is
// touched; a load is exact unless the compute type is narrower; a store rounds once, integers wrap, reals
// become integers by truncation as math::to_integer says.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/core/dtype.h"
#include "engine/kernels/compute_type.h"

namespace engine::cpu {

// Elements that kernels take at a time: five operands of them stay in the first-level cache.
inline constexpr int64_t block_elements = 256;

void load_block(ComputeType to_type, std::byte* to, DType dtype, const std::byte* from, int64_t stride,
                int64_t count);
void store_block(DType dtype, std::byte* to, int64_t stride, ComputeType from_type, const std::byte* from,
                 int64_t count);
// What values become by being stored as `dtype` and loaded again.
void round_block(ComputeType type, std::byte* values, DType dtype, int64_t count);

}  // namespace engine::cpu
