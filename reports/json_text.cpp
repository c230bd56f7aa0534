#include "reports/json_text.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <sstream>

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

std::string read_text(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  std::stringstream text;
  if (stream) text << stream.rdbuf();
  if (!stream) throw engine::InputError(file, fmt::format("cannot be read: {}", std::strerror(errno)));
  return text.str();
}

void write_text(const std::string& file, std::string_view text) {
  const std::string aside = fmt::format("{}.{}", file, getpid());
  const int descriptor = open(aside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  bool written = descriptor >= 0;
  for (size_t at = 0; written && at < text.size();) {
    const ssize_t n = write(descriptor, text.data() + at, text.size() - at);
    if (n < 0 && errno == EINTR) continue;
    written = n > 0;
    at += written ? static_cast<size_t>(n) : 0;
  }
  const std::string why = std::strerror(errno);
  if (descriptor >= 0) written = close(descriptor) == 0 && written;
  if (written) written = std::rename(aside.c_str(), file.c_str()) == 0;
  if (!written) {
    unlink(aside.c_str());
    throw engine::InputError(file, "cannot be written: " + why);
  }
}

}  // namespace reports
