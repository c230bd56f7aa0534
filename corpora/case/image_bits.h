// Numbers as sign, significand and exponent, and their conversion to and from the bytes of any dtype, in
// integer arithmetic: the same on every machine and with every compiler. Floats are rounded to nearest, ties
// to even; integers are truncated towards zero and saturate.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "engine/core/dtype.h"
#include "engine/core/float_formats.h"

namespace corpora {

using engine::with_format;

struct Number {
  enum class Kind : uint8_t { finite, infinite, nan };
  Kind kind = Kind::finite;
  bool negative = false;
  uint64_t significand = 0;  // finite: the value is significand * 2^exponent
  int exponent = 0;

  bool operator==(const Number&) const = default;
  bool is_zero() const { return kind == Kind::finite && significand == 0; }
};

struct Packed {
  uint64_t bits = 0;
  bool inexact = false;
};

// significand * 2^exponent in a binary format.
template <class Format>
constexpr Packed pack(bool negative, uint64_t significand, int exponent) {
  const uint64_t sign = negative ? Format::sign : 0;
  if (significand == 0) return {sign, false};
  const int power = 63 - std::countl_zero(significand) + exponent;  // value in [2^power, 2^(power + 1))
  const int kept_power = std::max(power, 1 - Format::bias);
  if (kept_power + Format::bias > Format::exponent_of_largest) return {sign | Format::overflow, true};
  const int shift = kept_power - Format::fraction_bits - exponent;  // bits to drop
  uint64_t kept = 0;
  bool inexact = false;
  if (shift <= 0) {
    kept = significand << -shift;
  } else if (shift >= 64) {
    kept = shift == 64 && significand > uint64_t{1} << 63 ? 1 : 0;
    inexact = true;
  } else {
    kept = engine::float_formats::shift_to_nearest_even(significand, shift);
    inexact = (significand & ((uint64_t{1} << shift) - 1)) != 0;
  }
  // A significand that rounds up to the next power of two carries into the exponent.
  const uint64_t bits =
      (static_cast<uint64_t>(kept_power + Format::bias - 1) << Format::fraction_bits) + kept;
  if (bits > Format::largest) return {sign | Format::overflow, true};
  return {sign | bits, inexact};
}

template <class Format>
constexpr Number unpack(uint64_t bits) {
  const bool negative = (bits & Format::sign) != 0;
  const uint64_t magnitude = bits & (Format::sign - 1), fraction = bits & Format::fraction_mask;
  const int exponent = static_cast<int>(magnitude >> Format::fraction_bits);
  if (Format::is_nan(magnitude)) return {Number::Kind::nan, negative, 0, 0};
  if (Format::is_infinity(magnitude)) return {Number::Kind::infinite, negative, 0, 0};
  const uint64_t hidden = exponent == 0 ? 0 : uint64_t{1} << Format::fraction_bits;
  return {Number::Kind::finite, negative, fraction | hidden,
          std::max(exponent, 1) - Format::bias - Format::fraction_bits};
}

// Bits of one component, little endian on every machine.
inline uint64_t load_bits(const std::byte* from, size_t bytes) {
  uint64_t bits = 0;
  for (size_t i = 0; i < bytes; ++i) bits |= std::to_integer<uint64_t>(from[i]) << (8 * i);
  return bits;
}

inline void store_bits(std::byte* to, size_t bytes, uint64_t bits) {
  for (size_t i = 0; i < bytes; ++i) to[i] = static_cast<std::byte>(bits >> (8 * i));
}

// `component` is a real dtype, of an element or of one part of a complex element.
Number read_number(engine::DType component, const std::byte* from);
// Returns false if the dtype cannot represent the number; it then writes the nearest number that it can (for
// NaN, 0 in integers).
bool write_number(engine::DType component, const Number& number, std::byte* to);

}  // namespace corpora
