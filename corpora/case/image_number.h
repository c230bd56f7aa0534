// Numbers as text: decimal integers, C hex floats, decimal fractions, inf and nan, each with an optional
// sign. number_text writes hex floats that read back exactly; parse_number says how the text was spelled.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "corpora/case/image_bits.h"

namespace corpora {

enum class Spelling : uint8_t {
  no_number,
  integer,  // 12
  hex,      // 0x1.8p+0, inf, nan
  decimal   // 1.5, 1e-3: rounded once to double
};

struct ParsedNumber {
  Spelling spelling = Spelling::no_number;
  Number number;
};

std::string number_text(const Number& number);
ParsedNumber parse_number(std::string_view text);

}  // namespace corpora
