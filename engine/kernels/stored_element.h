// Stored elements: converts between the representation of a dtype in memory and the compute types.
// Promises: a load is exact unless the compute type is narrower; a store rounds once; integers wrap; reals
// become integers by math::to_integer.
#pragma once

#include <bit>
#include <type_traits>

#include "engine/core/dtype.h"
#include "engine/core/float_formats.h"
#include "engine/kernels/math.h"

namespace engine {

// Bits of a floating-point format that C++ has no type for.
template <class Stored>
inline constexpr bool is_format = HasFormat<Stored> && !std::is_floating_point_v<Stored>;

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
  else if constexpr (is_format<Stored>)
    return math::cast<T>(std::bit_cast<float>(convert_bits<FormatOf<Stored>, Binary32>(x.bits)));
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
  } else if constexpr (is_format<Stored>) {
    if constexpr (math::is_complex<T>) {
      return stored<Stored>(x.re);
    } else if constexpr (std::is_same_v<T, double>) {
      return {convert_bits<Binary64, FormatOf<Stored>>(std::bit_cast<uint64_t>(x))};
    } else {
      return {convert_bits<Binary32, FormatOf<Stored>>(std::bit_cast<uint32_t>(static_cast<float>(x)))};
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
