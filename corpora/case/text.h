// The text form of a case: readable, diffable, lossless. The grammar stands in corpora/case/README.md.
// parse_case(to_text(c)) == c for every well-formed case. Malformed text is refused with an
// engine::InputError whose `where` is "NAME:LINE:COLUMN"; no input, however broken, does worse than that.
#pragma once

#include <string>
#include <string_view>

#include "corpora/case/case.h"

namespace corpora {

inline constexpr int text_version = 1;

std::string to_text(const Case& c);
// The parts of it that reports show alone: "aten::add.Tensor(self=t0, other=t1, alpha=1)", and one argument.
std::string to_text(const Call& call);
std::string to_text(const Value& value);
std::string_view name_of(FillRule rule);

Case parse_case(std::string_view text, std::string_view name);
Case read_case(const std::string& file);  // throws InputError also when the file cannot be read

}  // namespace corpora
