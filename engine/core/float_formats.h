// Float formats: conversions between binary floating-point formats by integer arithmetic on their bits.
// Promises: rounds to nearest, ties to even, also to subnormals, whatever the thread's rounding mode or flush
// flags; a number too large for the format becomes infinity, or the largest number if the format has no
// infinities (the saturation mode of the OCP specification); widening is exact; a NaN keeps its sign and its
// leading payload bits, so that widening and narrowing gives the same bits, also for signalling NaNs. Usable
// in constant expressions.
#pragma once

#include <bit>
#include <cstdint>
#include <type_traits>

#include "engine/core/dtype.h"

namespace engine {

// The largest exponent of a format: of infinities and NaNs as in IEEE 754, or of numbers, and of a NaN where
// all bits of the fraction are set.
enum class LargestExponent : uint8_t { ieee, finite };

// A binary interchange format: sign, `exponent_bits`, `fraction_bits`, stored in Bits. The other constants
// are magnitudes: bits without the sign.
template <class BitsType, int exponent_width, int fraction_width,
          LargestExponent largest_exponent = LargestExponent::ieee>
struct FloatFormat {
  using Bits = BitsType;
  static constexpr int exponent_bits = exponent_width;
  static constexpr int fraction_bits = fraction_width;
  static constexpr bool has_infinity = largest_exponent == LargestExponent::ieee;
  static constexpr int bias = (1 << (exponent_bits - 1)) - 1;
  static constexpr int exponent_max = (1 << exponent_bits) - 1;
  static constexpr int exponent_of_largest = has_infinity ? exponent_max - 1 : exponent_max;
  static constexpr uint64_t fraction_mask = (uint64_t{1} << fraction_bits) - 1;
  static constexpr uint64_t sign = uint64_t{1} << (exponent_bits + fraction_bits);
  static constexpr uint64_t overflow =  // of a number that is too large: infinity, or else the largest
      has_infinity ? uint64_t{exponent_max} << fraction_bits : sign - 2;
  static constexpr uint64_t largest = has_infinity ? overflow - 1 : overflow;
  static constexpr uint64_t quiet_nan =  // without payload
      has_infinity ? overflow | uint64_t{1} << (fraction_bits - 1) : sign - 1;

  static constexpr bool is_infinity(uint64_t magnitude) { return has_infinity && magnitude == overflow; }
  static constexpr bool is_nan(uint64_t magnitude) { return magnitude > overflow; }
};

using E4M3 = FloatFormat<uint8_t, 4, 3, LargestExponent::finite>;
using E5M2 = FloatFormat<uint8_t, 5, 2>;
using Binary16 = FloatFormat<uint16_t, 5, 10>;
using BFloat16 = FloatFormat<uint16_t, 8, 7>;
using Binary32 = FloatFormat<uint32_t, 8, 23>;
using Binary64 = FloatFormat<uint64_t, 11, 52>;

namespace float_formats {

// value >> shift, rounded to nearest, ties to even. `shift` is at least 0.
constexpr uint64_t shift_to_nearest_even(uint64_t value, int shift) {
  if (shift == 0) return value;
  if (shift > 63) return 0;
  const uint64_t kept = value >> shift;
  const uint64_t rest = value & ((uint64_t{1} << shift) - 1);
  const uint64_t half = uint64_t{1} << (shift - 1);
  return kept + (rest > half || (rest == half && (kept & 1)) ? 1 : 0);
}

constexpr uint64_t shift_left(uint64_t value, int shift) {
  return shift >= 0 ? value << shift : value >> -shift;
}

// The bits of a NaN, without its sign.
template <class From, class To>
constexpr uint64_t convert_nan(uint64_t fraction) {
  if (!To::has_infinity) return To::quiet_nan;
  const uint64_t payload = shift_left(fraction, To::fraction_bits - From::fraction_bits) & To::fraction_mask;
  return payload != 0 ? To::overflow | payload : To::quiet_nan;  // without a payload it would be an infinity
}

// The bits of a finite value, without its sign. Rounding past the largest value carries into infinity, or is
// undone.
template <class From, class To>
constexpr uint64_t convert_finite(int exponent, uint64_t fraction) {
  uint64_t significand = fraction;
  if (exponent != 0) significand |= uint64_t{1} << From::fraction_bits;
  if (significand == 0) return 0;
  // value = significand * 2^(power - From::fraction_bits), its leading bit moved to From::fraction_bits.
  int power = (exponent == 0 ? 1 : exponent) - From::bias;
  const int lead = From::fraction_bits + 1 - static_cast<int>(std::bit_width(significand));
  significand <<= lead;
  power -= lead;
  const int target = power + To::bias;
  if (target > To::exponent_of_largest) return To::overflow;
  const int narrowing = From::fraction_bits - To::fraction_bits;
  const int denormal = target > 0 ? 0 : 1 - target;
  const int shift = narrowing + denormal;
  const uint64_t rounded =
      shift >= 0 ? shift_to_nearest_even(significand, shift) : shift_left(significand, -shift);
  if (denormal > 0) return rounded;
  const uint64_t magnitude = (static_cast<uint64_t>(target - 1) << To::fraction_bits) + rounded;
  return To::has_infinity || magnitude <= To::largest ? magnitude : To::largest;
}

}  // namespace float_formats

template <class From, class To>
constexpr typename To::Bits convert_bits(typename From::Bits bits) {
  const uint64_t magnitude = bits & (From::sign - 1);
  const int exponent = static_cast<int>(magnitude >> From::fraction_bits);
  const uint64_t fraction = magnitude & From::fraction_mask;
  uint64_t converted = 0;
  if (From::is_nan(magnitude))
    converted = float_formats::convert_nan<From, To>(fraction);
  else if (From::is_infinity(magnitude))
    converted = To::overflow;
  else
    converted = float_formats::convert_finite<From, To>(exponent, fraction);
  return static_cast<typename To::Bits>((bits & From::sign ? To::sign : 0) | converted);
}

constexpr float float_from_f16(uint16_t bits) {
  return std::bit_cast<float>(convert_bits<Binary16, Binary32>(bits));
}
constexpr float float_from_bf16(uint16_t bits) { return std::bit_cast<float>(uint32_t{bits} << 16); }
constexpr uint16_t f16_from_float(float value) {
  return convert_bits<Binary32, Binary16>(std::bit_cast<uint32_t>(value));
}
constexpr uint16_t bf16_from_float(float value) {
  return convert_bits<Binary32, BFloat16>(std::bit_cast<uint32_t>(value));
}
// Rounded once: going through float would round twice.
constexpr uint16_t f16_from_double(double value) {
  return convert_bits<Binary64, Binary16>(std::bit_cast<uint64_t>(value));
}
constexpr uint16_t bf16_from_double(double value) {
  return convert_bits<Binary64, BFloat16>(std::bit_cast<uint64_t>(value));
}

// The format of a stored real element.
template <class Stored>
struct FormatOf;
template <>
struct FormatOf<Float8E4M3> : E4M3 {};
template <>
struct FormatOf<Float8E5M2> : E5M2 {};
template <>
struct FormatOf<Half> : Binary16 {};
template <>
struct FormatOf<BrainHalf> : BFloat16 {};
template <>
struct FormatOf<float> : Binary32 {};
template <>
struct FormatOf<double> : Binary64 {};

template <class Stored>
concept HasFormat = requires { FormatOf<Stored>::bias; };

#define ENGINE_DTYPE_FORMAT(name, sort, stored, ...)           \
  static_assert(HasFormat<stored> == is_floating(DType::name), \
                "the dtype " #name " of real numbers needs a specialisation of FormatOf");
ENGINE_DTYPES(ENGINE_DTYPE_FORMAT)
#undef ENGINE_DTYPE_FORMAT

// Calls visit(Format{}) with the binary format of the dtype's components; for integers, with that of f64.
template <class Visit>
constexpr decltype(auto) with_format(DType dtype, Visit&& visit) {
  return with_stored(component_of(dtype), [&]<class Stored>() -> decltype(auto) {
    if constexpr (HasFormat<Stored>)
      return visit(FormatOf<Stored>{});
    else
      return visit(FormatOf<double>{});
  });
}

template <class Format>
constexpr double largest_of() {
  return std::bit_cast<double>(
      convert_bits<Format, Binary64>(static_cast<typename Format::Bits>(Format::largest)));
}

// The value of a stored bool, integer or real number. Exact, except for integers above 2^53.
template <class Stored>
constexpr double double_from(Stored x) {
  if constexpr (std::is_same_v<Stored, Bool>)
    return x.byte != 0;
  else if constexpr (std::is_arithmetic_v<Stored>)
    return static_cast<double>(x);
  else
    return std::bit_cast<double>(convert_bits<FormatOf<Stored>, Binary64>(x.bits));
}

// The real number, rounded once to the stored type.
template <class Stored>
  requires HasFormat<Stored>
constexpr Stored stored_from(double x) {
  if constexpr (std::is_floating_point_v<Stored>)
    return static_cast<Stored>(x);
  else
    return {convert_bits<Binary64, FormatOf<Stored>>(std::bit_cast<uint64_t>(x))};
}

}  // namespace engine
