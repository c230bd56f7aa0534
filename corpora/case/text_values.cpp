#include "corpora/case/text_values.h"

#include <fmt/format.h>

#include <array>
#include <bit>
#include <cstddef>

#include "corpora/case/case.h"
#include "corpora/case/image.h"
#include "corpora/case/number_text.h"

namespace corpora {

using engine::DType;
using Limits = CaseLimits;

Value ValueParser::parse(size_t inputs, size_t calls) {
  inputs_ = inputs;
  calls_ = calls;
  return parse_value(0);
}

Value ValueParser::parse_value(size_t depth) {
  if (++values_ > Limits::values) cursor_.fail(fmt::format("more than {} values", Limits::values));
  switch (cursor_.peek()) {
    case '[':
      return parse_list(depth);
    case '(':
      return parse_complex();
    case '"':
      return parse_string();
    default: {
      const std::string_view word = cursor_.word();
      if (word.empty()) cursor_.fail(fmt::format("expected a value, found {}", cursor_.found()));
      return parse_word(word);
    }
  }
}

Value ValueParser::parse_string() {
  const size_t start = cursor_.at();
  Value value = Value::of_string(cursor_.quoted('"'));
  string_bytes_ += value.text.size();
  if (string_bytes_ > Limits::string_bytes)
    cursor_.fail(start, fmt::format("strings take more than {} bytes", Limits::string_bytes));
  return value;
}

Value ValueParser::parse_list(size_t depth) {
  if (depth >= Limits::nesting) cursor_.fail(fmt::format("lists nest at most {} deep", Limits::nesting));
  cursor_.take('[');
  std::vector<Value> elements;
  cursor_.take_list(']', "an element", [&] { elements.push_back(parse_value(depth + 1)); });
  return Value::of_list(std::move(elements));
}

double ValueParser::parse_real(std::string_view word) {
  std::array<std::byte, sizeof(double)> bytes{};
  std::string why;
  if (!parse_element(DType::f64, word, bytes.data(), why)) cursor_.fail_at_word(why);
  return std::bit_cast<double>(bytes);
}

// (0x1p+0, 0x0p+0)
Value ValueParser::parse_complex() {
  std::array<double, 2> parts{};
  cursor_.take('(');
  for (size_t i = 0; i < 2; ++i) {
    cursor_.skip_blanks(true);
    parts[i] = parse_real(cursor_.word());
    cursor_.skip_blanks(true);
    cursor_.expect(i == 0 ? ',' : ')', i == 0 ? "between the two parts of a complex number" : "to close it");
  }
  return Value::of_complex(parts[0], parts[1]);
}

Value ValueParser::parse_word(std::string_view word) {
  if (word == "None") return Value::of_none();
  if (word == "undefined") return Value::of_undefined();
  if (word == "True" || word == "False") return Value::of_boolean(word == "True");
  const size_t colon = word.find(':');
  if (colon != std::string_view::npos && word.substr(0, colon) != "nan")
    return parse_prefixed(word.substr(0, colon), word.substr(colon + 1));
  const bool digit_follows = word.size() > 1 && is_digit(word[1]);
  if (word.front() == 't' && digit_follows) return parse_input(word);
  if (word.front() == 'r' && digit_follows) return parse_result(word);
  return parse_number(word);
}

std::string dtype_names() {
  std::vector<std::string_view> names;
  for (const DType dtype : engine::all_dtypes) names.push_back(engine::name_of(dtype));
  return fmt::format("{}", fmt::join(names, " "));
}

Value ValueParser::parse_prefixed(std::string_view kind, std::string_view text) {
  if (kind == "dtype") {
    if (const std::optional<DType> dtype = engine::dtype_named(text)) return Value::of_dtype(*dtype);
    cursor_.fail_at_word("expected dtype: and one of " + dtype_names());
  }
  if (is_word(text, ":")) {
    if (kind == "device") return Value::of_word(ValueKind::device, std::string(text));
    if (kind == "layout") return Value::of_word(ValueKind::layout, std::string(text));
    if (kind == "memory_format") return Value::of_word(ValueKind::memory_format, std::string(text));
  }
  cursor_.fail_at_word("expected dtype: device: layout: or memory_format: and a word, such as device:cpu");
}

Value ValueParser::parse_input(std::string_view word) {
  Value value = Value::of_input(0);
  if (!to_integer(word.substr(1), value.tensor.index)) cursor_.fail_at_word("expected an input such as t0");
  if (static_cast<size_t>(value.tensor.index) >= inputs_)
    cursor_.fail_at_word(fmt::format("'{}' is not declared above", word));
  return value;
}

// r0.1: the second tensor that the first call returned.
Value ValueParser::parse_result(std::string_view word) {
  Value value = Value::of_result(0, 0);
  const size_t dot = word.find('.');
  if (dot == std::string_view::npos || !to_integer(word.substr(1, dot - 1), value.tensor.call) ||
      !to_integer(word.substr(dot + 1), value.tensor.index) || value.tensor.index < 0)
    cursor_.fail_at_word("expected a result such as r0.1: call 0, its second tensor");
  if (static_cast<size_t>(value.tensor.call) >= calls_)
    cursor_.fail_at_word(fmt::format("'{}' is not a result of a call above", word));
  return value;
}

Value ValueParser::parse_number(std::string_view word) {
  const ParsedNumber parsed = corpora::parse_number(word);
  if (parsed.spelling == Spelling::integer) {
    int64_t integer = 0;
    if (!to_integer(word.substr(word.front() == '+' ? 1 : 0), integer))
      cursor_.fail_at_word(fmt::format("{} does not fit 64 bits", word));
    return Value::of_integer(integer);
  }
  if (parsed.spelling != Spelling::not_a_number || word.substr(0, 4) == "nan:")
    return Value::of_real(parse_real(word));
  cursor_.fail_at_word(
      fmt::format("'{}' is not a value; values are t0, r0.1, 1, 0x1.8p+0, (0x1p+0, 0x0p+0), True, None, "
                  "undefined, \"text\", [...], dtype:f32, device:cpu, layout:strided, "
                  "memory_format:contiguous",
                  word.substr(0, 40)));
}

}  // namespace corpora
