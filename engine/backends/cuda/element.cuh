// Elements in memory as kernels meet them: read with a cast to the compute type, written with a cast from it.
#pragma once

#include "engine/kernels/stored_element.h"

namespace engine::ENGINE_MACHINE {

template <class T>
ENGINE_DEVICE T read_element(DType dtype, const std::byte* at) {
  T value{};
  with_stored(dtype, [&]<class Stored>() { value = loaded<T>(*reinterpret_cast<const Stored*>(at)); });
  return value;
}

template <class T>
ENGINE_DEVICE void write_element(DType dtype, std::byte* at, T value) {
  with_stored(dtype, [&]<class Stored>() { *reinterpret_cast<Stored*>(at) = stored<Stored>(value); });
}

// What the value becomes by being stored as `dtype` and read again. Only types that are computed wider than
// they are stored lose anything.
template <class T>
ENGINE_DEVICE T rounded_to(DType dtype, T value) {
  if constexpr (std::is_same_v<T, int64_t> || std::is_same_v<T, float>)
    with_stored(dtype, [&]<class Stored>() { value = loaded<T>(stored<Stored>(value)); });
  return value;
}

}  // namespace engine::ENGINE_MACHINE
