// Numbers and elements as text: decimal integers, C hex floats, decimal fractions, inf and nan, each with an
// optional sign. What element_text writes, parse_element reads back bit for bit.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "corpora/case/image_bits.h"

namespace corpora {

enum class Spelling : uint8_t {
  not_a_number,
  integer,  // 12
  hex,      // 0x1.8p+0, inf, nan
  decimal   // 1.5, 1e-3: rounded once to double
};

struct ParsedNumber {
  Spelling spelling = Spelling::not_a_number;
  Number number;
};
ParsedNumber parse_number(std::string_view text);

// Integers in decimal (b8: 0 or 1), floats as C hex floats, complex numbers as (re,im). The quiet NaN is nan
// or -nan; other NaNs are written as bits: nan:0x7fc00001.
std::string element_text(engine::DType dtype, const std::byte* element);

// Writes the element and returns true. Decimal fractions are rounded to nearest. Returns false if `text` is
// not an element, or if a hex float or an integer does not fit the dtype exactly; `why` then says what is
// expected.
bool parse_element(engine::DType dtype, std::string_view text, std::byte* element, std::string& why);

}  // namespace corpora
