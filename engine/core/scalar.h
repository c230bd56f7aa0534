// Scalar: a bool, an integer, a real or a complex number. It keeps its kind, because type promotion depends
// on it.
#pragma once

#include <complex>
#include <cstdint>
#include <type_traits>

#include "engine/core/error.h"

namespace engine {

class Scalar {
 public:
  enum class Kind : uint8_t { boolean, integer, real, complex };

  constexpr Scalar() = default;
  template <class T>
    requires std::is_arithmetic_v<T>
  constexpr Scalar(T value) {  // NOLINT: implicit
    if constexpr (std::is_same_v<T, bool>) {
      kind_ = Kind::boolean;
      integer_ = value;
    } else if constexpr (std::is_integral_v<T>) {
      integer_ = static_cast<int64_t>(value);
    } else {
      kind_ = Kind::real;
      real_ = static_cast<double>(value);
    }
  }
  constexpr Scalar(std::complex<double> value)  // NOLINT: implicit
      : kind_(Kind::complex), real_(value.real()), imaginary_(value.imag()) {}

  bool operator==(const Scalar&) const = default;
  constexpr Kind kind() const { return kind_; }
  constexpr bool is_complex() const { return kind_ == Kind::complex; }
  constexpr bool is_integral() const { return kind_ == Kind::integer || kind_ == Kind::boolean; }

  // The value as a different kind. Refuses to drop an imaginary part or a fraction.
  int64_t to_integer() const {
    if (is_integral()) return integer_;
    const double real = to_real();
    if (!(real >= -0x1p63 && real < 0x1p63) || static_cast<double>(static_cast<int64_t>(real)) != real)
      throw Error("the number cannot be converted to an integer without loss");
    return static_cast<int64_t>(real);
  }
  double to_real() const {
    if (is_complex() && imaginary_ != 0) throw Error("a complex number cannot be converted to a real one");
    return is_integral() ? static_cast<double>(integer_) : real_;
  }
  bool to_boolean() const { return is_integral() ? integer_ != 0 : real_ != 0 || imaginary_ != 0; }
  std::complex<double> to_complex() const {
    return is_complex() ? std::complex<double>(real_, imaginary_) : std::complex<double>(to_real());
  }

 private:
  Kind kind_ = Kind::integer;
  int64_t integer_ = 0;  // also of boolean
  double real_ = 0;
  double imaginary_ = 0;
};

}  // namespace engine
