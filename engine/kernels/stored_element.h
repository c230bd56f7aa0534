// Stored elements: how an element of each dtype stands in memory, and what it is when it is computed with.
// Promises: a load is exact unless the compute type is narrower; a store rounds once, integers wrap, reals
// become integers by truncation as math::to_integer says.
#pragma once

#include <type_traits>

#include "engine/core/dtype.h"
#include "engine/core/float_formats.h"
#include "engine/kernels/math.h"

namespace engine {

struct Half {
  uint16_t bits;
};
struct BrainHalf {
  uint16_t bits;
};
struct Bool {
  uint8_t byte;
};

template <class T, class Stored>
ENGINE_DEVICE T loaded(Stored x) {
  if constexpr (std::is_same_v<Stored, Half>)
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
  if constexpr (std::is_same_v<Stored, Half> || std::is_same_v<Stored, BrainHalf>) {
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

// A type to hand to a generic lambda: call([]<class Stored>() { ... }).
template <class Call>
ENGINE_DEVICE void with_stored(DType dtype, Call&& call) {
  switch (dtype) {
    case DType::b8:
      return call.template operator()<Bool>();
    case DType::u8:
      return call.template operator()<uint8_t>();
    case DType::i8:
      return call.template operator()<int8_t>();
    case DType::i16:
      return call.template operator()<int16_t>();
    case DType::i32:
      return call.template operator()<int32_t>();
    case DType::i64:
      return call.template operator()<int64_t>();
    case DType::f16:
      return call.template operator()<Half>();
    case DType::bf16:
      return call.template operator()<BrainHalf>();
    case DType::f32:
      return call.template operator()<float>();
    case DType::f64:
      return call.template operator()<double>();
    case DType::c64:
      return call.template operator()<math::Complex<float>>();
    case DType::c128:
      return call.template operator()<math::Complex<double>>();
  }
}

}  // namespace engine
