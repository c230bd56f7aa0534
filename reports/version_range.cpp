#include "reports/version_range.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <compare>
#include <vector>

namespace reports {
namespace {

using Numbers = std::vector<int>;

// The numbers at the start, separated by dots; `rest` is what follows them.
Numbers numbers_of(std::string_view text, std::string_view& rest) {
  Numbers numbers;
  rest = text;
  for (int number = 0;;) {
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    if (error != std::errc{} || number < 0) return numbers;
    numbers.push_back(number);
    rest.remove_prefix(static_cast<size_t>(end - rest.data()));
    if (rest.size() < 2 || rest.front() != '.' || rest[1] < '0' || rest[1] > '9') return numbers;
    rest.remove_prefix(1);
  }
}

struct Bound {
  std::string_view comparison;  // "", "<", "<=", ">", ">="
  std::string_view version;
};

Bound bound_of(std::string_view word) {
  const size_t length = std::min(word.find_first_not_of("<>="), word.size());
  return {word.substr(0, length), word.substr(length)};
}

std::vector<Bound> bounds_of(std::string_view range) {
  std::vector<Bound> bounds;
  while (!range.empty()) {
    const size_t length = std::min(range.find(' '), range.size());
    if (length > 0) bounds.push_back(bound_of(range.substr(0, length)));
    range.remove_prefix(std::min(length + 1, range.size()));
  }
  return bounds;
}

bool holds(const Bound& bound, std::string_view version) {
  if (bound.comparison.empty()) return version.starts_with(bound.version);
  std::string_view rest;
  const Numbers limit = numbers_of(bound.version, rest);
  Numbers numbers = numbers_of(version, rest);
  numbers.resize(limit.size());
  const std::strong_ordering order = numbers <=> limit;
  if (bound.comparison == "<") return order < 0;
  if (bound.comparison == "<=") return order <= 0;
  return bound.comparison == ">" ? order > 0 : order >= 0;
}

}  // namespace

std::string fault_of_range(std::string_view range) {
  for (const Bound& bound : bounds_of(range)) {
    constexpr std::string_view comparisons[] = {"", "<", "<=", ">", ">="};
    if (std::ranges::find(comparisons, bound.comparison) == std::end(comparisons))
      return fmt::format("\"{}\" is not a comparison; expected <, <=, > or >=, as in \">=1.13 <2.0\"",
                         bound.comparison);
    std::string_view rest;
    const bool numbered = !numbers_of(bound.version, rest).empty();
    if (!numbered || (!bound.comparison.empty() && !rest.empty()))
      return fmt::format("\"{}{}\" is not a version bound; expected numbers and dots, as in \">=1.13 <2.0\"",
                         bound.comparison, bound.version);
  }
  return {};
}

bool in_range(std::string_view version, std::string_view range) {
  return std::ranges::all_of(bounds_of(range), [&](const Bound& bound) { return holds(bound, version); });
}

}  // namespace reports
