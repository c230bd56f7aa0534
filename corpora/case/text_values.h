// ValueParser: reads the arguments of calls. None undefined t0 r0.1 1 0x1.8p+0 (0x1p+0, 0x0p+0) True "text"
// [...] dtype:f32 device:cpu layout:strided memory_format:contiguous. Anything else, and more than CaseLimits
// allow, is an engine::InputError with its position.
#pragma once

#include <charconv>
#include <string>
#include <string_view>

#include "corpora/case/text_cursor.h"
#include "corpora/case/value.h"

namespace corpora {

// Whether the whole text is an integer that fits; it may change `value` even if not.
template <class Integer>
bool to_integer(std::string_view text, Integer& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return !text.empty() && error == std::errc() && end == text.data() + text.size();
}

std::string dtype_names();  // all, separated by blanks

class ValueParser {
 public:
  explicit ValueParser(Cursor& cursor) : cursor_(cursor) {}

  // One value, which may refer to `inputs` inputs and to results of `calls` calls. Limits are those of all
  // values that this parser reads.
  Value parse(size_t inputs, size_t calls);

 private:
  Value parse_value(size_t depth);
  Value parse_string();
  Value parse_word(std::string_view word);
  Value parse_prefixed(std::string_view kind, std::string_view text);
  Value parse_input(std::string_view word);
  Value parse_result(std::string_view word);
  Value parse_number(std::string_view word);
  Value parse_complex();
  Value parse_list(size_t depth);
  double parse_real(std::string_view word);

  Cursor& cursor_;
  size_t inputs_ = 0;
  size_t calls_ = 0;
  size_t values_ = 0;
  size_t string_bytes_ = 0;
};

}  // namespace corpora
