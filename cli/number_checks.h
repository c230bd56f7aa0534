// Checks of flags that take a number. CLI11's own messages print a bound of 300 digits, and its parser takes
// the largest number in place of one that is too large.
#pragma once

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <limits>

namespace cli {

template <class Number>
CLI::Validator at_least(Number lowest, const char* expected) {
  const auto refusal = [lowest, expected](std::string& text) {
    Number number{};
    const char* const last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, number);
    const bool fits = error == std::errc() && end == last && number >= lowest &&
                      number <= std::numeric_limits<Number>::max();
    return fits ? std::string() : fmt::format("'{}' is not {}", text, expected);
  };
  return {refusal, ""};
}

inline CLI::Validator a_count() { return at_least<uint64_t>(1, "a count: a whole number from 1 up"); }
inline CLI::Validator a_seed() { return at_least<uint64_t>(0, "a seed: a whole number below 2^64"); }
inline CLI::Validator a_duration() {
  return at_least<double>(std::numeric_limits<double>::min(), "a number of seconds above 0");
}

}  // namespace cli
