// Image: a case's storages expanded once to bytes. Every run of the case copies from it, so that both
// sides of a check start from the same bits. Each component of each element is a function of (rule, dtype,
// rng_seed, index) alone, by integer arithmetic: the same on every machine and from every compiler.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "corpora/case/case.h"

namespace corpora {

struct Image {
  std::vector<std::vector<std::byte>> storages;  // in the order of Case::storages
};

Image image_of(const Case& c);
std::vector<std::byte> bytes_of(const Storage& storage);

// One element as text that reads back exactly: integers in decimal (b8: 0 or 1), floats as C hex floats,
// complex as (re,im). The quiet NaN is nan, with its sign -nan; any other NaN is spelled by its bits:
// nan:0x7fc00001.
std::string element_text(engine::DType dtype, const std::byte* element);

// The inverse: writes the element and returns true. False when `text` is no such element, or when a hex float
// or an integer does not fit the dtype exactly; `why` then says what would be right. Decimal fractions round
// to nearest.
bool parse_element(engine::DType dtype, std::string_view text, std::byte* element, std::string& why);

}  // namespace corpora
