// Blocks: runs of elements between memory and a kernel, loaded with a cast to the compute type and stored
// with a cast from it. Strides are in elements. Promises: only the named elements are read or written; casts
// are those of kernels/stored_element.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/core/tensor.h"
#include "engine/kernels/compute_type.h"

namespace engine::cpu {

// Elements that kernels take at a time: five operands of them fit into the first-level cache.
inline constexpr int64_t block_elements = 256;

void load_block(ComputeType to_type, std::byte* to, DType dtype, const std::byte* from, int64_t stride,
                int64_t count);
void store_block(DType dtype, std::byte* to, int64_t stride, ComputeType from_type, const std::byte* from,
                 int64_t count);
// Rounds values as a store as `dtype` and a load would.
void round_block(ComputeType type, std::byte* values, DType dtype, int64_t count);

// Positions of a view's elements, row-major, in elements from its first one.
std::vector<int64_t> positions_of(IntSpan sizes, IntSpan strides);

// The element at a position.
inline std::byte* address_of(const Tensor& tensor, int64_t position) {
  return tensor.data<std::byte>() + position * static_cast<int64_t>(size_of(tensor.dtype()));
}
template <class T>
T load_element(const Tensor& tensor, int64_t position) {
  T value{};
  load_block(compute_type<T>(), reinterpret_cast<std::byte*>(&value), tensor.dtype(),
             address_of(tensor, position), 1, 1);
  return value;
}
template <class T>
void store_element(const Tensor& tensor, int64_t position, T value) {
  store_block(tensor.dtype(), address_of(tensor, position), 1, compute_type<T>(),
              reinterpret_cast<const std::byte*>(&value), 1);
}

}  // namespace engine::cpu
