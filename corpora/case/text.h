// The text form of a case: readable, diffable, lossless. corpora/case/README.md has the grammar.
// parse_case(to_text(c)) == c for every well-formed case. Malformed text is rejected with an
// engine::InputError whose `where` is "NAME:LINE:COLUMN"; no input crashes the parser.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "corpora/case/case.h"

namespace corpora {

inline constexpr int text_version = 1;

std::string to_text(const Case& c);
std::string to_text(const Call& call);  // "aten::add.Tensor(self=t0, other=t1, alpha=1)"
std::string to_text(const Value& value);
std::string_view name_of(FillRule rule);
std::optional<FillRule> fill_rule_named(std::string_view name);

Case parse_case(std::string_view text, std::string_view name);
Case read_case(const std::string& file);  // throws InputError also when the file cannot be read

}  // namespace corpora
