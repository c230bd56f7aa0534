// Functors of two elements: arithmetic, maximum and minimum, bits. Add and Sub also take the number alpha.
#pragma once

#include "engine/kernels/functors/kernel_list.h"
#include "engine/kernels/functors/named_dtype_sets.h"
#include "engine/kernels/math.h"

namespace engine::functors {

struct Add {
  ENGINE_DEVICE auto operator()(auto a, auto b, auto alpha) const {
    return math::add(a, math::mul(alpha, b));
  }
};
struct Sub {
  ENGINE_DEVICE auto operator()(auto a, auto b, auto alpha) const {
    return math::sub(a, math::mul(alpha, b));
  }
};
struct Mul {
  ENGINE_DEVICE auto operator()(auto a, auto b) const { return math::mul(a, b); }
};
struct Div {
  ENGINE_DEVICE auto operator()(auto a, auto b) const { return math::div(a, b); }
};
struct Maximum {
  ENGINE_DEVICE auto operator()(auto a, auto b) const { return math::max(a, b); }
};
struct Minimum {
  ENGINE_DEVICE auto operator()(auto a, auto b) const { return math::min(a, b); }
};
struct Atan2 {
  ENGINE_DEVICE auto operator()(auto a, auto b) const { return std::atan2(a, b); }
};
struct BitwiseAnd {
  ENGINE_DEVICE int64_t operator()(int64_t a, int64_t b) const { return a & b; }
};
struct BitwiseOr {
  ENGINE_DEVICE int64_t operator()(int64_t a, int64_t b) const { return a | b; }
};
struct BitwiseXor {
  ENGINE_DEVICE int64_t operator()(int64_t a, int64_t b) const { return a ^ b; }
};

// A negative exponent gives the truncated reciprocal.
ENGINE_DEVICE inline int64_t integer_power(int64_t base, int64_t exponent) {
  if (exponent < 0) {
    if (base != 1 && base != -1) return 0;
    return base == 1 || exponent % 2 == 0 ? 1 : -1;
  }
  int64_t power = 1;
  for (; exponent != 0; exponent >>= 1) {
    if (exponent & 1) power = math::mul(power, base);
    base = math::mul(base, base);
  }
  return power;
}

struct Power {
  template <class T>
  ENGINE_DEVICE T operator()(T base, T exponent) const {
    if constexpr (math::computed_wider<T>) {
      return math::cast<T>(Power{}(math::cast<math::Wide>(base), math::cast<math::Wide>(exponent)));
    } else if constexpr (math::is_complex<T>) {
      if (exponent == T{}) return math::cast<T>(int64_t{1});
      if (base == T{} && exponent.im == 0 && exponent.re > 0) return T{};
      return math::exp(math::mul(exponent, math::log(base)));
    } else if constexpr (std::is_integral_v<T>) {
      return integer_power(base, exponent);
    } else {
      return std::pow(base, exponent);
    }
  }
};
struct Remainder {
  template <class T>
  ENGINE_DEVICE T operator()(T a, T b) const {
    if constexpr (std::is_integral_v<T>) {
      const T left = math::rem_trunc(a, b);
      return left != 0 && (left < 0) != (b < 0) ? left + b : left;
    } else {
      const T left = std::fmod(a, b);
      return left != 0 && (left < 0) != (b < 0) ? left + b : left;
    }
  }
};

using ArithmeticKernels =
    KernelList<Pointwised<Add, 3, all_dtype_set>, Pointwised<Sub, 3, all_but_bool>,
               Pointwised<Mul, 2, all_dtype_set>, Pointwised<Div, 2, floating_dtypes>,
               Pointwised<Maximum, 2, ordered_dtypes>, Pointwised<Minimum, 2, ordered_dtypes>,
               Pointwised<Atan2, 2, real_dtypes>, Pointwised<BitwiseAnd, 2, integers_and_bool>,
               Pointwised<BitwiseOr, 2, integers_and_bool>, Pointwised<BitwiseXor, 2, integers_and_bool>,
               Pointwised<Power, 2, all_but_bool>, Pointwised<Remainder, 2, ordered_but_bool>>;

}  // namespace engine::functors
