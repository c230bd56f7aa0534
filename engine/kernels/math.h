// The arithmetic that kernels compute with: complex numbers, wrapping integers, and elementary functions that
// mean the same wherever a kernel is compiled. This is the only header that asks where that is.
// Promises: integers wrap and never overflow; no function here reads or writes anything but its arguments;
// real numbers follow IEEE 754 and the C library; complex numbers follow the textbook's formulas, which do
// not treat infinities specially.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>

#if defined(__CUDACC__)
#define ENGINE_DEVICE __host__ __device__
#define ENGINE_KERNEL __global__
#else
#define ENGINE_DEVICE
#define ENGINE_KERNEL
#endif

namespace engine::math {

template <class T>
struct Complex {
  using Component = T;
  T re{}, im{};
  ENGINE_DEVICE constexpr bool operator==(const Complex& other) const {
    return re == other.re && im == other.im;
  }
};

template <class T>
inline constexpr bool is_complex = false;
template <class T>
inline constexpr bool is_complex<Complex<T>> = true;

template <class T>
struct ComponentOf {
  using Type = T;
};
template <class T>
struct ComponentOf<Complex<T>> {
  using Type = T;
};
template <class T>
using Component = typename ComponentOf<T>::Type;

// Truncates. NaN and numbers outside of 64 bits become the lowest integer.
ENGINE_DEVICE inline int64_t to_integer(double x) {
  if (!(x >= -0x1p63 && x < 0x1p63)) return std::numeric_limits<int64_t>::min();
  return static_cast<int64_t>(x);
}

// Converts one compute type to another. Drops what the type cannot hold: fractions, imaginary parts.
template <class To, class From>
ENGINE_DEVICE To cast(From x) {
  if constexpr (std::is_same_v<To, From>) {
    return x;
  } else if constexpr (is_complex<To>) {
    using C = typename To::Component;
    if constexpr (is_complex<From>)
      return {static_cast<C>(x.re), static_cast<C>(x.im)};
    else
      return {static_cast<C>(x), C{0}};
  } else if constexpr (is_complex<From>) {
    if constexpr (std::is_same_v<To, bool>)
      return x.re != 0 || x.im != 0;
    else
      return cast<To>(x.re);
  } else if constexpr (std::is_same_v<To, bool>) {
    return x != 0;
  } else if constexpr (std::is_integral_v<To> && std::is_floating_point_v<From>) {
    return static_cast<To>(to_integer(static_cast<double>(x)));
  } else {
    return static_cast<To>(x);
  }
}

// --- sums and products
template <class T>
ENGINE_DEVICE T neg(T a) {
  if constexpr (is_complex<T>)
    return {-a.re, -a.im};
  else if constexpr (std::is_integral_v<T>)
    return static_cast<T>(uint64_t{0} - static_cast<uint64_t>(a));
  else
    return -a;
}
template <class T>
ENGINE_DEVICE T add(T a, T b) {
  if constexpr (is_complex<T>)
    return {a.re + b.re, a.im + b.im};
  else if constexpr (std::is_integral_v<T>)
    return static_cast<T>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b));
  else
    return a + b;
}
template <class T>
ENGINE_DEVICE T sub(T a, T b) {
  if constexpr (is_complex<T>)
    return {a.re - b.re, a.im - b.im};
  else if constexpr (std::is_integral_v<T>)
    return static_cast<T>(static_cast<uint64_t>(a) - static_cast<uint64_t>(b));
  else
    return a - b;
}
template <class T>
ENGINE_DEVICE T mul(T a, T b) {
  if constexpr (is_complex<T>)
    return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
  else if constexpr (std::is_integral_v<T>)
    return static_cast<T>(static_cast<uint64_t>(a) * static_cast<uint64_t>(b));
  else
    return a * b;
}
// Complex numbers of f32 are computed in f64: intermediate results neither overflow nor underflow there, and
// cancellation does not reach the digits of f32.
template <class T>
inline constexpr bool computed_wider = std::is_same_v<T, Complex<float>>;
using Wide = Complex<double>;

// Complex division scales by the divisor's larger part (Smith), so that it seldom overflows where the
// quotient does not. Real and complex types only.
template <class T>
ENGINE_DEVICE T div(T a, T b) {
  if constexpr (computed_wider<T>) {
    return cast<T>(div(cast<Wide>(a), cast<Wide>(b)));
  } else if constexpr (is_complex<T>) {
    using C = typename T::Component;
    const C re = std::fabs(b.re), im = std::fabs(b.im);
    if (re == 0 && im == 0) return {a.re / re, a.im / re};
    // For very large divisors the intermediate results overflow: scale both by a power of two, which is
    // exact.
    constexpr C most = std::numeric_limits<C>::max(), less = C{1} / 1024;
    if (re <= most && im <= most && (re > most / 16 || im > most / 16))
      return div(T{a.re * less, a.im * less}, T{b.re * less, b.im * less});
    // For very small divisors the reciprocal overflows and subnormal numbers have few digits: scale up.
    constexpr C small = std::numeric_limits<C>::min() / std::numeric_limits<C>::epsilon(),
                more = C{1} / small;
    if (re < small && im < small) {
      const T quotient = div(a, T{b.re * more, b.im * more});
      return {quotient.re * more, quotient.im * more};
    }
    if (re >= im) {
      const C ratio = b.im / b.re;
      const C scale = C{1} / (b.re + b.im * ratio);
      return {(a.re + a.im * ratio) * scale, (a.im - a.re * ratio) * scale};
    }
    const C ratio = b.re / b.im;
    const C scale = C{1} / (b.re * ratio + b.im);
    return {(a.re * ratio + a.im) * scale, (a.im * ratio - a.re) * scale};
  } else {
    return a / b;
  }
}
// The remainder of a division that rounds towards zero. Callers refuse a divisor of zero.
ENGINE_DEVICE inline int64_t rem_trunc(int64_t a, int64_t b) { return b == -1 ? 0 : a % b; }

template <class T>
ENGINE_DEVICE T conj(T a) {
  if constexpr (is_complex<T>)
    return {a.re, -a.im};
  else
    return a;
}

// --- order
template <class T>
ENGINE_DEVICE bool is_nan(T a) {
  if constexpr (is_complex<T>)
    return is_nan(a.re) || is_nan(a.im);
  else if constexpr (std::is_integral_v<T>)
    return false;
  else
    return a != a;
}
// max and min return NaN if an operand is NaN, as maximum, amax and clamp do.
template <class T>
ENGINE_DEVICE T max(T a, T b) {
  if (is_nan(a)) return a;
  return is_nan(b) || a < b ? b : a;
}
template <class T>
ENGINE_DEVICE T min(T a, T b) {
  if (is_nan(a)) return a;
  return is_nan(b) || b < a ? b : a;
}

// --- magnitude
template <class T>
ENGINE_DEVICE Component<T> abs(T a) {
  if constexpr (is_complex<T>)
    return std::hypot(a.re, a.im);
  else if constexpr (std::is_integral_v<T>)
    return a < 0 ? neg(a) : a;
  else
    return std::fabs(a);
}

// --- rounding to integers
ENGINE_DEVICE inline int64_t floor(int64_t a) { return a; }
ENGINE_DEVICE inline float floor(float a) { return std::floor(a); }
ENGINE_DEVICE inline double floor(double a) { return std::floor(a); }
ENGINE_DEVICE inline int64_t ceil(int64_t a) { return a; }
ENGINE_DEVICE inline float ceil(float a) { return std::ceil(a); }
ENGINE_DEVICE inline double ceil(double a) { return std::ceil(a); }
ENGINE_DEVICE inline int64_t trunc(int64_t a) { return a; }
ENGINE_DEVICE inline float trunc(float a) { return std::trunc(a); }
ENGINE_DEVICE inline double trunc(double a) { return std::trunc(a); }

// --- elementary functions
template <class T>
ENGINE_DEVICE T exp(T a) {
  if constexpr (computed_wider<T>) {
    return cast<T>(exp(cast<Wide>(a)));
  } else if constexpr (is_complex<T>) {
    const auto scale = std::exp(a.re);
    if (a.im == 0) return {scale, a.im};
    return {scale * std::cos(a.im), scale * std::sin(a.im)};
  } else {
    return std::exp(a);
  }
}
// A power of four: multiplied by it, a complex number has a modulus that neither overflows nor is subnormal.
ENGINE_DEVICE inline double rescale(Wide a) {
  const double larger = std::fmax(std::fabs(a.re), std::fabs(a.im));
  if (larger > 0x1p1000) return 0x1p-60;
  return larger < 0x1p-900 ? 0x1p120 : 1;
}
// Near a modulus of 1, log1p of the difference to 1 keeps the digits that log would lose.
template <class T>
ENGINE_DEVICE T log(T a) {
  if constexpr (computed_wider<T>) {
    return cast<T>(log(cast<Wide>(a)));
  } else if constexpr (is_complex<T>) {
    const double larger = std::fmax(std::fabs(a.re), std::fabs(a.im));
    const double smaller = std::fmin(std::fabs(a.re), std::fabs(a.im));
    const double angle = std::atan2(a.im, a.re), factor = rescale(a);
    if (larger > 0.5 && larger < 2)
      return {std::log1p((larger - 1) * (larger + 1) + smaller * smaller) / 2, angle};
    return {std::log(std::hypot(a.re * factor, a.im * factor)) - std::log(factor), angle};
  } else {
    return std::log(a);
  }
}
template <class T>
ENGINE_DEVICE T sqrt(T a) {
  if constexpr (computed_wider<T>) {
    return cast<T>(sqrt(cast<Wide>(a)));
  } else if constexpr (is_complex<T>) {
    if (a.re == 0 && a.im == 0) return {0, a.im};
    if (std::isinf(a.im)) return {std::fabs(a.im), a.im};
    const double factor = rescale(a), back = 1 / std::sqrt(factor);
    const double re = a.re * factor, im = a.im * factor;
    const double part = std::sqrt((std::fabs(re) + std::hypot(re, im)) / 2);
    const double other = im / (2 * part) * back;
    if (a.re >= 0) return {part * back, other};
    return {std::fabs(other), std::copysign(part * back, a.im)};
  } else {
    return std::sqrt(a);
  }
}
template <class T>
ENGINE_DEVICE T sin(T a) {
  if constexpr (computed_wider<T>)
    return cast<T>(sin(cast<Wide>(a)));
  else if constexpr (is_complex<T>)
    return {std::sin(a.re) * std::cosh(a.im), std::cos(a.re) * std::sinh(a.im)};
  else
    return std::sin(a);
}
template <class T>
ENGINE_DEVICE T cos(T a) {
  if constexpr (computed_wider<T>)
    return cast<T>(cos(cast<Wide>(a)));
  else if constexpr (is_complex<T>)
    return {std::cos(a.re) * std::cosh(a.im), -std::sin(a.re) * std::sinh(a.im)};
  else
    return std::cos(a);
}

}  // namespace engine::math
