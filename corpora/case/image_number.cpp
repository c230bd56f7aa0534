#include "corpora/case/image_number.h"

#include <fmt/format.h>

#include <charconv>

namespace corpora {
namespace {

int hex_digit(char x) {
  if (x >= '0' && x <= '9') return x - '0';
  if (x >= 'a' && x <= 'f') return x - 'a' + 10;
  if (x >= 'A' && x <= 'F') return x - 'A' + 10;
  return -1;
}

bool is_digits(std::string_view text) {
  if (text.empty()) return false;
  for (char x : text)
    if (x < '0' || x > '9') return false;
  return true;
}

// The digits between 0x and p: at most 16 that count, so that the significand holds them.
bool parse_hex_digits(std::string_view text, Number& number) {
  bool point = false;
  bool any = false;
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
  if (text.empty() || hex_digit(text.front()) < 0 || hex_digit(text.front()) > 9) return false;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return false;
  const bool negative = number.negative;
  number = unpack<engine::Binary64>(std::bit_cast<uint64_t>(value));
  number.negative = negative;
  return true;
}

}  // namespace

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

}  // namespace corpora
