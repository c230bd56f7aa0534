#include "cli/flags.h"

#include <fmt/format.h>

#include <charconv>
#include <limits>
#include <sstream>

namespace cli {
namespace {

template <class Number>
CLI::Validator number_in(Number lowest, Number highest, const char* expected) {
  const auto refusal = [=](std::string& text) {
    Number number{};
    const char* const last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, number);
    const bool fits = error == std::errc() && end == last && number >= lowest && number <= highest;
    return fits ? std::string() : fmt::format("'{}' is not {}", text, expected);
  };
  return {refusal, ""};
}

}  // namespace

CLI::Validator a_count() {
  return number_in<uint64_t>(1, UINT64_MAX, "a count; expected a whole number from 1 up");
}
CLI::Validator a_seed() {
  return number_in<uint64_t>(0, UINT64_MAX, "a seed; expected a whole number below 2^64");
}
CLI::Validator a_duration() {
  using Limits = std::numeric_limits<double>;
  return number_in<double>(Limits::min(), Limits::max(), "a number of seconds above 0");
}
CLI::Validator a_number_of_jobs() { return number_in<int>(1, 1024, "a whole number from 1 to 1024"); }
CLI::Validator an_amount_of_memory() {
  return number_in<int64_t>(1, 1 << 20, "a number of MiB from 1 to 1048576");
}

CLI::Validator an_output_folder() {
  const auto refusal = [](std::string& text) -> std::string {
    if (text.empty()) return "expected the name of a folder";
    return text == "-" ? "'-' is standard output; expected a folder, because several files are written" : "";
  };
  return {refusal, ""};
}

CLI::Option* add_repeatable(CLI::App& app, const std::string& flag, std::vector<std::string>& values,
                            const std::string& type, const std::string& description) {
  return app.add_option(flag, values, description)->type_name(type)->allow_extra_args(false)->take_all();
}

std::vector<std::string> split_commas(const std::vector<std::string>& arguments) {
  std::vector<std::string> parts;
  for (const std::string& argument : arguments) {
    std::istringstream stream(argument);
    for (std::string part; std::getline(stream, part, ',');)
      if (!part.empty()) parts.push_back(part);
  }
  return parts;
}

}  // namespace cli
