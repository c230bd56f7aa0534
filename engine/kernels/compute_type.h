// ComputeType: the type that a kernel computes elements in. Integers and bools are computed in 64 bits, half
// types in f32, the rest in themselves. So a functor is compiled for five types and not for each dtype,
// and every load and store casts.
#pragma once

#include <array>
#include <cstdint>
#include <type_traits>

#include "engine/core/dtype.h"
#include "engine/kernels/dtype_set.h"
#include "engine/kernels/math.h"

namespace engine {

enum class ComputeType : uint8_t { integer, f32, f64, c64, c128, boolean };  // boolean: for results only
inline constexpr int compute_type_count = 6;

constexpr ComputeType compute_type_of(DType dtype) {
  if (is_integral(dtype)) return ComputeType::integer;
  const bool wide = size_of(component_of(dtype)) > sizeof(float);
  if (is_complex(dtype)) return wide ? ComputeType::c128 : ComputeType::c64;
  return wide ? ComputeType::f64 : ComputeType::f32;
}

template <class T>
constexpr ComputeType compute_type() {
  if constexpr (std::is_same_v<T, bool>) return ComputeType::boolean;
  if constexpr (std::is_same_v<T, int64_t>) return ComputeType::integer;
  if constexpr (std::is_same_v<T, float>) return ComputeType::f32;
  if constexpr (std::is_same_v<T, double>) return ComputeType::f64;
  if constexpr (std::is_same_v<T, math::Complex<float>>) return ComputeType::c64;
  if constexpr (std::is_same_v<T, math::Complex<double>>) return ComputeType::c128;
}

// The dtype whose stored elements have this type.
constexpr DType dtype_of(ComputeType type) {
  constexpr std::array<DType, compute_type_count> dtypes{DType::i64, DType::f32,  DType::f64,
                                                         DType::c64, DType::c128, DType::b8};
  return dtypes[static_cast<size_t>(type)];
}
constexpr size_t size_of(ComputeType type) { return engine::size_of(dtype_of(type)); }

// Calls a generic lambda with the C++ type: [&]<class T>() { ... }.
template <class Call>
decltype(auto) with_compute_type(ComputeType type, Call&& call) {
  switch (type) {
    case ComputeType::f32:
      return call.template operator()<float>();
    case ComputeType::f64:
      return call.template operator()<double>();
    case ComputeType::c64:
      return call.template operator()<math::Complex<float>>();
    case ComputeType::c128:
      return call.template operator()<math::Complex<double>>();
    default:
      return call.template operator()<int64_t>();
  }
}

// The same for each type that elements of `dtypes` are computed in.
template <DTypes dtypes, class Call>
void for_each_compute_type(Call&& call) {
  constexpr auto takes = [](ComputeType type) {
    for (DType dtype : all_dtypes)
      if (dtypes.has(dtype) && compute_type_of(dtype) == type) return true;
    return false;
  };
  if constexpr (takes(ComputeType::integer)) call.template operator()<int64_t>();
  if constexpr (takes(ComputeType::f32)) call.template operator()<float>();
  if constexpr (takes(ComputeType::f64)) call.template operator()<double>();
  if constexpr (takes(ComputeType::c64)) call.template operator()<math::Complex<float>>();
  if constexpr (takes(ComputeType::c128)) call.template operator()<math::Complex<double>>();
}

}  // namespace engine
