#include "engine/backends/cpu/blocks.h"

#include "engine/core/shape.h"
#include "engine/kernels/stored_element.h"

namespace engine::cpu {

namespace {

template <class T>
void load(T* to, DType dtype, const std::byte* from, int64_t stride, int64_t count) {
  with_stored(dtype, [&]<class Stored>() {
    const auto* source = reinterpret_cast<const Stored*>(from);
    for (int64_t i = 0; i < count; ++i) to[i] = loaded<T>(source[i * stride]);
  });
}

template <class T>
void store(DType dtype, std::byte* to, int64_t stride, const T* from, int64_t count) {
  with_stored(dtype, [&]<class Stored>() {
    auto* target = reinterpret_cast<Stored*>(to);
    for (int64_t i = 0; i < count; ++i) target[i * stride] = stored<Stored>(from[i]);
  });
}

}  // namespace

void load_block(ComputeType to_type, std::byte* to, DType dtype, const std::byte* from, int64_t stride,
                int64_t count) {
  with_compute_type(to_type, [&]<class T>() { load(reinterpret_cast<T*>(to), dtype, from, stride, count); });
}

void store_block(DType dtype, std::byte* to, int64_t stride, ComputeType from_type, const std::byte* from,
                 int64_t count) {
  if (from_type == ComputeType::boolean)
    return store(dtype, to, stride, reinterpret_cast<const bool*>(from), count);
  with_compute_type(from_type,
                    [&]<class T>() { store(dtype, to, stride, reinterpret_cast<const T*>(from), count); });
}

void round_block(ComputeType type, std::byte* values, DType dtype, int64_t count) {
  if (dtype_of(type) == dtype) return;
  with_stored(dtype, [&]<class Stored>() {
    if (type == ComputeType::integer) {
      auto* numbers = reinterpret_cast<int64_t*>(values);
      for (int64_t i = 0; i < count; ++i) numbers[i] = loaded<int64_t>(stored<Stored>(numbers[i]));
    } else if (type == ComputeType::f32) {
      auto* numbers = reinterpret_cast<float*>(values);
      for (int64_t i = 0; i < count; ++i) numbers[i] = loaded<float>(stored<Stored>(numbers[i]));
    }
  });
}

std::vector<int64_t> positions_of(IntSpan sizes, IntSpan strides) {
  std::vector<int64_t> positions;
  positions.reserve(static_cast<size_t>(element_count(sizes)));
  for_each_position(sizes, strides, 0, [&](int64_t at) { positions.push_back(at); });
  return positions;
}

}  // namespace engine::cpu
