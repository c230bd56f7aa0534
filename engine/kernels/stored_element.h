// Stored elements: converts between the representation of a dtype in memory and the compute types.
// Promises: a load is exact unless the compute type is narrower; a store rounds once; integers wrap; reals
// become integers by math::to_integer.
#pragma once

#include <type_traits>

#include "engine/core/dtype.h"
#include "engine/core/float_formats.h"
#include "engine/kernels/math.h"

namespace engine {

template <class Stored>
inline constexpr bool is_pair = false;
template <class Part>
inline constexpr bool is_pair<ComplexPair<Part>> = true;

template <class T, class Stored>
ENGINE_DEVICE T loaded(Stored x) {
  if constexpr (is_pair<Stored>) {
    using Part = std::conditional_t<std::is_same_v<decltype(x.re), double>, double, float>;
    return math::cast<T>(math::Complex<Part>{loaded<Part>(x.re), loaded<Part>(x.im)});
  } else if constexpr (std::is_same_v<Stored, Half>)
    return math::cast<T>(float_from_f16(x.bits));
  else if constexpr (std::is_same_v<Stored, BrainHalf>)
    return math::cast<T>(float_from_bf16(x.bits));
  else if constexpr (std::is_same_v<Stored, Bool>)
    return math::cast<T>(int64_t{x.byte != 0});
  else
    return math::cast<T>(x);
}

template <class Stored, class T>
ENGINE_DEVICE Stored stored(T x) {
  if constexpr (is_pair<Stored>) {
    using Part = decltype(Stored::re);
    if constexpr (math::is_complex<T>)
      return {stored<Part>(x.re), stored<Part>(x.im)};
    else
      return {stored<Part>(x), stored<Part>(0.0F)};
  } else if constexpr (std::is_same_v<Stored, Half> || std::is_same_v<Stored, BrainHalf>) {
    if constexpr (math::is_complex<T>) {
      return stored<Stored>(x.re);
    } else if constexpr (std::is_same_v<T, double>) {
      return {std::is_same_v<Stored, Half> ? f16_from_double(x) : bf16_from_double(x)};
    } else {
      const auto single = static_cast<float>(x);
      return {std::is_same_v<Stored, Half> ? f16_from_float(single) : bf16_from_float(single)};
    }
  } else if constexpr (std::is_same_v<Stored, Bool>) {
    return {static_cast<uint8_t>(math::cast<bool>(x))};
  } else if constexpr (std::is_integral_v<Stored>) {
    return static_cast<Stored>(math::cast<int64_t>(x));
  } else {
    return math::cast<Stored>(x);
  }
}

}  // namespace engine
