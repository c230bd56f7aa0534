// Elements as text and back.
#include <fmt/format.h>

#include <charconv>

#include "corpora/case/image.h"
#include "corpora/case/image_bits.h"
#include "corpora/case/image_number.h"

namespace corpora {
namespace {

using engine::DType;

std::string component_text(DType component, const std::byte* from) {
  const Number number = read_number(component, from);
  if (engine::is_integral(component))
    return (number.negative ? "-" : "") + std::to_string(number.significand);
  if (number.kind != Number::Kind::nan) return number_text(number);
  const uint64_t bits = load_bits(from, engine::size_of(component));
  const bool quiet = with_format(component, [&]<class Format>(Format) {
    constexpr uint64_t sign = uint64_t{1} << (Format::exponent_bits + Format::fraction_bits);
    return (bits & ~sign) == quiet_nan<Format>;
  });
  if (quiet) return number_text(number);
  return fmt::format("nan:0x{:0{}x}", bits, 2 * engine::size_of(component));
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
    why = fmt::format("'{}' is no NaN of {}", text, engine::name_of(component));
    return false;
  }
  const ParsedNumber parsed = parse_number(text);
  if (parsed.spelling == Spelling::no_number || (integral && parsed.spelling != Spelling::integer)) {
    why = fmt::format("'{}' is no {} value; {} would be one", text, engine::name_of(component),
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
    why = fmt::format("'{}' is no {} value; (0x1p+0,0x0p+0) would be one", text, engine::name_of(dtype));
    return false;
  }
  const DType component = engine::component_of(dtype);
  return parse_component(component, text.substr(1, comma - 1), element, why) &&
         parse_component(component, text.substr(comma + 1, text.size() - comma - 2),
                         element + engine::size_of(component), why);
}

}  // namespace corpora
