// The text form of a case: readable, diffable, lossless. The grammar stands in corpora/case/README.md.
// parse_case(to_text(c)) == c for every well-formed case. Malformed text is refused with an
// engine::InputError whose `where` is "NAME:LINE:COLUMN"; no input, however broken, does worse than that.
#pragma once

#include <string>
#include <string_view>

#include "corpora/case/case.h"

namespace corpora {

std::string to_text(const Case& c);
Case parse_case(std::string_view text, std::string_view name);
Case read_case(const std::string& file);  // throws InputError also when the file cannot be read

}  // namespace corpora
