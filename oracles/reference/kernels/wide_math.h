// Elementary functions with one name for double and Quad. For Quad they are glibc's binary128 functions,
// declared here by symbol because clang++ does not declare them. Complex functions follow their definitions;
// they need no care for overflow, since the wide type has a larger exponent range than the dtype that is
// judged.
#pragma once

#include <cmath>

#include "oracles/reference/kernels/array.h"

namespace reference {

namespace quad {
Quad exp(Quad x) noexcept __asm__("expf128");
Quad expm1(Quad x) noexcept __asm__("expm1f128");
Quad log(Quad x) noexcept __asm__("logf128");
Quad log1p(Quad x) noexcept __asm__("log1pf128");
Quad sqrt(Quad x) noexcept __asm__("sqrtf128");
Quad sin(Quad x) noexcept __asm__("sinf128");
Quad cos(Quad x) noexcept __asm__("cosf128");
Quad sinh(Quad x) noexcept __asm__("sinhf128");
Quad cosh(Quad x) noexcept __asm__("coshf128");
Quad tanh(Quad x) noexcept __asm__("tanhf128");
Quad erf(Quad x) noexcept __asm__("erff128");
Quad floor(Quad x) noexcept __asm__("floorf128");
Quad ceil(Quad x) noexcept __asm__("ceilf128");
Quad trunc(Quad x) noexcept __asm__("truncf128");
Quad fabs(Quad x) noexcept __asm__("fabsf128");
Quad copysign(Quad x, Quad y) noexcept __asm__("copysignf128");
Quad hypot(Quad x, Quad y) noexcept __asm__("hypotf128");
Quad atan(Quad x) noexcept __asm__("atanf128");
Quad atan2(Quad y, Quad x) noexcept __asm__("atan2f128");
Quad pow(Quad x, Quad y) noexcept __asm__("powf128");
Quad fmod(Quad x, Quad y) noexcept __asm__("fmodf128");
int ilogb(Quad x) noexcept __asm__("ilogbf128");
}  // namespace quad

// wide::exp(x) and so on: overloads for double and Quad.
namespace wide {
using quad::atan, quad::atan2, quad::ceil, quad::copysign, quad::cos, quad::cosh, quad::erf, quad::exp,
    quad::expm1, quad::fabs, quad::floor, quad::fmod, quad::hypot, quad::ilogb, quad::log, quad::log1p,
    quad::pow, quad::sin, quad::sinh, quad::sqrt, quad::tanh, quad::trunc;
using std::atan, std::atan2, std::ceil, std::copysign, std::cos, std::cosh, std::erf, std::exp, std::expm1,
    std::fabs, std::floor, std::fmod, std::hypot, std::ilogb, std::log, std::log1p, std::pow, std::sin,
    std::sinh, std::sqrt, std::tanh, std::trunc;
}  // namespace wide

template <class W>
bool is_nan(W x) {
  return x != x;
}
template <class W>
bool is_nan(Complex<W> x) {
  return is_nan(x.re) || is_nan(x.im);
}
inline bool is_nan(int64_t) { return false; }

template <class W>
bool is_finite(W x) {
  return x - x == W{0};
}
template <class W>
bool is_finite(Complex<W> x) {
  return is_finite(x.re) && is_finite(x.im);
}
inline bool is_finite(int64_t) { return true; }

// --- arithmetic of the three element types; integers wrap
template <class W>
Complex<W> operator+(Complex<W> a, Complex<W> b) {
  return {a.re + b.re, a.im + b.im};
}
template <class W>
Complex<W> operator-(Complex<W> a, Complex<W> b) {
  return {a.re - b.re, a.im - b.im};
}
template <class W>
Complex<W> operator-(Complex<W> a) {
  return {-a.re, -a.im};
}
template <class W>
Complex<W> operator*(Complex<W> a, Complex<W> b) {
  return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}
template <class W>
Complex<W> operator/(Complex<W> a, Complex<W> b) {
  const W size = b.re * b.re + b.im * b.im;
  return {(a.re * b.re + a.im * b.im) / size, (a.im * b.re - a.re * b.im) / size};
}
template <class W>
bool operator==(Complex<W> a, Complex<W> b) {
  return a.re == b.re && a.im == b.im;
}

template <class T>
T sum_of(T a, T b) {
  return a + b;
}
inline int64_t sum_of(int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b));
}
template <class T>
T difference_of(T a, T b) {
  return a - b;
}
inline int64_t difference_of(int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) - static_cast<uint64_t>(b));
}
template <class T>
T product_of(T a, T b) {
  return a * b;
}
inline int64_t product_of(int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) * static_cast<uint64_t>(b));
}

// An integer, converted to T.
template <class T>
T whole(int64_t x) {
  if constexpr (is_complex_type<T>)
    return {static_cast<decltype(T::re)>(x), 0};
  else
    return static_cast<T>(x);
}

template <class W>
double magnitude_of(W x) {
  return static_cast<double>(wide::fabs(x));
}
template <class W>
double magnitude_of(Complex<W> x) {
  return static_cast<double>(wide::hypot(x.re, x.im));
}
inline double magnitude_of(int64_t x) { return std::fabs(static_cast<double>(x)); }

}  // namespace reference
