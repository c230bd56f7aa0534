#include "reports/json_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/core/input_error.h"

namespace reports {

std::string position_in(std::string_view text, const std::string& file, size_t offset) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const size_t newline = before.rfind('\n');
  const size_t column = newline == std::string_view::npos ? before.size() + 1 : before.size() - newline;
  return fmt::format("{}:{}:{}", file, line, column);
}

Json parse_json(std::string_view text, const std::string& file, const std::string& what_is_expected) {
  try {
    return Json::parse(text.begin(), text.end());
  } catch (const Json::parse_error& error) {
    const size_t offset = error.byte > 0 ? error.byte - 1 : 0;
    throw engine::InputError(position_in(text, file, offset), "not JSON: " + what_is_expected);
  }
}

std::string print_json(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace reports
