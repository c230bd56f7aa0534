// Reads and writes elements of any dtype in computed_dtypes, with a cast to and from the compute type.
#pragma once

#include "engine/kernels/stored_element.h"

namespace engine::ENGINE_MACHINE {

template <class T>
ENGINE_DEVICE T read_element(DType dtype, const std::byte* at) {
  T value{};
  with_computed(dtype, [&]<class Stored>() { value = loaded<T>(*reinterpret_cast<const Stored*>(at)); });
  return value;
}

template <class T>
ENGINE_DEVICE void write_element(DType dtype, std::byte* at, T value) {
  with_computed(dtype, [&]<class Stored>() { *reinterpret_cast<Stored*>(at) = stored<Stored>(value); });
}

// Rounds a value as a store as `dtype` and a load would. Only integers and f32 are computed wider than
// stored.
template <class T>
ENGINE_DEVICE T rounded_to(DType dtype, T value) {
  if constexpr (std::is_same_v<T, int64_t> || std::is_same_v<T, float>)
    with_computed(dtype, [&]<class Stored>() { value = loaded<T>(stored<Stored>(value)); });
  return value;
}

}  // namespace engine::ENGINE_MACHINE
