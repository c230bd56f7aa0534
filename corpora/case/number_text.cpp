#include "corpora/case/number_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "corpora/case/text_cursor.h"

namespace corpora {
namespace {

using engine::DType;

int hex_digit(char x) {
  if (is_digit(x)) return x - '0';
  if (x >= 'a' && x <= 'f') return x - 'a' + 10;
  if (x >= 'A' && x <= 'F') return x - 'A' + 10;
  return -1;
}

bool is_digits(std::string_view text) { return !text.empty() && std::ranges::all_of(text, is_digit); }

// The digits between 0x and p, not counting leading zeros at most 16, so that the significand holds them.
bool parse_hex_digits(std::string_view text, Number& number) {
  bool point = false, any = false;
  for (char x : text) {
    if (x == '.') {
      if (point) return false;
      point = true;
      continue;
    }
    const int digit = hex_digit(x);
    if (digit < 0 || number.significand >> 60 != 0) return false;
    number.significand = number.significand << 4 | static_cast<uint64_t>(digit);
    if (point) number.exponent -= 4;
    any = true;
  }
  return any;
}

// After "0x": 1.8p+0
bool parse_hex(std::string_view text, Number& number) {
  const size_t p = text.find_first_of("pP");
  if (p == std::string_view::npos || p > 64 || !parse_hex_digits(text.substr(0, p), number)) return false;
  std::string_view power = text.substr(p + 1);
  const bool negative = !power.empty() && power.front() == '-';
  if (!power.empty() && (power.front() == '+' || power.front() == '-')) power.remove_prefix(1);
  if (!is_digits(power) || power.size() > 5) return false;
  int value = 0;
  std::from_chars(power.data(), power.data() + power.size(), value);
  number.exponent += negative ? -value : value;
  return true;
}

bool parse_decimal(std::string_view text, Number& number) {
  if (text.empty() || !is_digit(text.front())) return false;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return false;
  const bool negative = number.negative;
  number = unpack<engine::Binary64>(std::bit_cast<uint64_t>(value));
  number.negative = negative;
  return true;
}

std::string number_text(const Number& number) {
  const std::string_view sign = number.negative ? "-" : "";
  if (number.kind == Number::Kind::infinite) return fmt::format("{}inf", sign);
  if (number.kind == Number::Kind::nan) return fmt::format("{}nan", sign);
  if (number.significand == 0) return fmt::format("{}0x0p+0", sign);
  const int lead = std::countl_zero(number.significand);
  const int power = number.exponent + 63 - lead;
  const uint64_t fraction = lead == 63 ? 0 : number.significand << (lead + 1);
  if (fraction == 0) return fmt::format("{}0x1p{:+}", sign, power);
  const int zeros = std::countr_zero(fraction) / 4;
  return fmt::format("{}0x1.{:0{}x}p{:+}", sign, fraction >> (4 * zeros), 16 - zeros, power);
}

std::string component_text(DType component, const std::byte* from) {
  const Number number = read_number(component, from);
  if (engine::is_integral(component))
    return (number.negative ? "-" : "") + std::to_string(number.significand);
  if (number.kind != Number::Kind::nan) return number_text(number);
  const size_t bytes = engine::size_of(component);
  std::array<std::byte, sizeof(uint64_t)> quiet{};
  write_number(component, number, quiet.data());
  const uint64_t bits = load_bits(from, bytes);
  if (bits == load_bits(quiet.data(), bytes)) return number_text(number);
  return fmt::format("nan:0x{:0{}x}", bits, 2 * bytes);
}

// nan:0x7fc00001, as the bits of the dtype.
bool parse_nan_bits(DType component, std::string_view digits, std::byte* to) {
  uint64_t bits = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits, 16);
  const size_t bytes = engine::size_of(component);
  if (error != std::errc() || end != digits.data() + digits.size() || digits.size() != 2 * bytes)
    return false;
  store_bits(to, bytes, bits);
  return read_number(component, to).kind == Number::Kind::nan;
}

bool parse_component(DType component, std::string_view text, std::byte* to, std::string& why) {
  const bool integral = engine::is_integral(component);
  constexpr std::string_view by_bits = "nan:0x";
  if (text.substr(0, by_bits.size()) == by_bits) {
    if (!integral && parse_nan_bits(component, text.substr(by_bits.size()), to)) return true;
    why = fmt::format("'{}' is not a NaN of {}", text, engine::name_of(component));
    return false;
  }
  const ParsedNumber parsed = parse_number(text);
  if (parsed.spelling == Spelling::not_a_number || (integral && parsed.spelling != Spelling::integer)) {
    why = fmt::format("'{}' is not a {} value; expected one such as {}", text, engine::name_of(component),
                      integral ? "1" : "0x1.8p+0");
    return false;
  }
  const bool exact = write_number(component, parsed.number, to);
  if (exact || parsed.spelling == Spelling::decimal) return true;
  why = fmt::format("{} does not hold {} exactly; the nearest it holds is {}", engine::name_of(component),
                    text, component_text(component, to));
  return false;
}

}  // namespace

ParsedNumber parse_number(std::string_view text) {
  ParsedNumber parsed;
  Number& number = parsed.number;
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
    number.negative = text.front() == '-';
    text.remove_prefix(1);
  }
  if (text == "inf" || text == "nan") {
    number.kind = text == "inf" ? Number::Kind::infinite : Number::Kind::nan;
    parsed.spelling = Spelling::hex;
  } else if (is_digits(text)) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number.significand);
    if (error == std::errc()) parsed.spelling = Spelling::integer;
  } else if (text.substr(0, 2) == "0x" || text.substr(0, 2) == "0X") {
    if (parse_hex(text.substr(2), number)) parsed.spelling = Spelling::hex;
  } else if (parse_decimal(text, number)) {
    parsed.spelling = Spelling::decimal;
  }
  return parsed;
}

std::string element_text(DType dtype, const std::byte* element) {
  if (!engine::is_complex(dtype)) return component_text(dtype, element);
  const DType component = engine::component_of(dtype);
  return fmt::format("({},{})", component_text(component, element),
                     component_text(component, element + engine::size_of(component)));
}

bool parse_element(DType dtype, std::string_view text, std::byte* element, std::string& why) {
  if (!engine::is_complex(dtype)) return parse_component(dtype, text, element, why);
  const size_t comma = text.find(',');
  if (text.size() < 2 || text.front() != '(' || text.back() != ')' || comma == std::string_view::npos) {
    why = fmt::format("'{}' is not a {} value; expected one such as (0x1p+0,0x0p+0)", text,
                      engine::name_of(dtype));
    return false;
  }
  const DType component = engine::component_of(dtype);
  return parse_component(component, text.substr(1, comma - 1), element, why) &&
         parse_component(component, text.substr(comma + 1, text.size() - comma - 2),
                         element + engine::size_of(component), why);
}

}  // namespace corpora
