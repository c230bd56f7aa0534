#include "corpora/case/image_bits.h"

namespace corpora {
namespace {

using engine::DType;

struct IntegerRange {
  uint64_t below;  // largest magnitude of a negative number
  uint64_t above;
};

constexpr IntegerRange range_of(DType dtype) {
  if (dtype == DType::b8) return {0, 1};
  const uint64_t half = uint64_t{1} << (8 * engine::size_of(dtype) - 1);
  if (engine::is_unsigned_integer(dtype)) return {0, 2 * (half - 1) + 1};
  return {half, half - 1};
}

Number read_integer(DType dtype, const std::byte* from) {
  const size_t bytes = engine::size_of(dtype);
  uint64_t bits = load_bits(from, bytes);
  const uint64_t sign = uint64_t{1} << (8 * bytes - 1);
  if (range_of(dtype).below == 0 || (bits & sign) == 0) return {Number::Kind::finite, false, bits, 0};
  bits |= ~(sign - 1);
  return {Number::Kind::finite, true, ~bits + 1, 0};
}

// |number| truncated to an integer, saturating.
uint64_t truncated(const Number& number, bool& exact) {
  if (number.exponent < 0) {
    const int shift = std::min(-number.exponent, 64);
    const uint64_t whole = shift == 64 ? 0 : number.significand >> shift;
    exact = exact && (shift == 64 ? number.significand == 0 : whole << shift == number.significand);
    return whole;
  }
  if (number.significand != 0 && number.exponent > std::countl_zero(number.significand)) {
    exact = false;
    return ~uint64_t{0};
  }
  return number.significand == 0 ? 0 : number.significand << number.exponent;
}

bool write_integer(DType dtype, const Number& number, std::byte* to) {
  bool exact = number.kind == Number::Kind::finite;
  uint64_t magnitude = number.kind == Number::Kind::infinite ? ~uint64_t{0} : 0;
  if (exact) magnitude = truncated(number, exact);
  const IntegerRange range = range_of(dtype);
  const uint64_t limit = number.negative ? range.below : range.above;
  if (magnitude > limit) {
    exact = false;
    magnitude = limit;
  }
  store_bits(to, engine::size_of(dtype), number.negative ? ~magnitude + 1 : magnitude);
  return exact;
}

template <class Format>
Packed packed(const Number& number) {
  if (number.kind == Number::Kind::finite)
    return pack<Format>(number.negative, number.significand, number.exponent);
  const uint64_t sign = number.negative ? Format::sign : 0;
  if (number.kind == Number::Kind::nan) return {sign | Format::quiet_nan, false};
  return {sign | Format::overflow, !Format::has_infinity};
}

}  // namespace

Number read_number(DType component, const std::byte* from) {
  if (engine::is_integral(component)) return read_integer(component, from);
  const uint64_t bits = load_bits(from, engine::size_of(component));
  return with_format(component, [&]<class Format>(Format) { return unpack<Format>(bits); });
}

bool write_number(DType component, const Number& number, std::byte* to) {
  if (engine::is_integral(component)) return write_integer(component, number, to);
  const Packed result = with_format(component, [&]<class Format>(Format) { return packed<Format>(number); });
  store_bits(to, engine::size_of(component), result.bits);
  return !result.inexact;
}

}  // namespace corpora
