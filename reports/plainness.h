// Plainness: which of several findings on one mistake an author can act on most directly. A wrong or dying
// direct call is plainer than a wrong call of a form, of a layout, or below a fallback; fewer needs are
// plainer than more. The table in plainness.cpp has a row for each oracle.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "reports/finding.h"

namespace reports {

// What an oracle judges, which decides which other findings its findings can explain.
enum class Judged : uint8_t {
  call,         // a call without any fallback or other kernel: its result, its effects, its form or layout
  below,        // the same kernel, below a fallback that transforms its inputs or its calling convention
  other,        // another computation of the same values: derivatives, another device or library
  other_facts,  // another computation of the same metadata, which never runs the kernel
};
Judged judged_by(std::string_view oracle);
bool has_plainness(std::string_view oracle);  // whether the table has a row for it

// What the smallest case needs, apart from what only says which path was run: layouts without their exact
// form ("strides", "offset"), an out that does not fit ("out"), and the features for dtypes, shapes, values
// and forms.
std::set<std::string> needs_apart_from_path(const Finding& finding);
bool needs_layout(const std::set<std::string>& needs);  // of an input or an out

// Whether the direct call dies.
bool direct_call_dies(const Finding& finding);

// A strict order.
bool is_plainer(const Finding& a, const Finding& b);

// The finding itself or, if a known entry covers it, the plainest in `also` that none covers: a known finding
// must not hide an unexplained one.
const Finding* primary_of(const Finding& mistake);
void put_primary_first(Finding& mistake);

}  // namespace reports
