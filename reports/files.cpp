#include "reports/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <sstream>
#include <system_error>

#include "engine/core/environment_error.h"
#include "engine/core/input_error.h"

namespace reports {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const fs::path& file, int error_number) {
  throw engine::EnvironmentError(file.string() + " cannot be written", error_number);
}

// 0, or the error number of the first step that failed.
int write_all(const fs::path& file, std::string_view text) {
  const int descriptor = open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (descriptor < 0) return errno;
  int failed = 0;
  while (!text.empty() && failed == 0) {
    const ssize_t n = write(descriptor, text.data(), text.size());
    if (n > 0)
      text.remove_prefix(static_cast<size_t>(n));
    else if (n == 0 || errno != EINTR)
      failed = n == 0 ? EIO : errno;
  }
  if (close(descriptor) != 0 && failed == 0) failed = errno;
  return failed;
}

bool is_written_in_place(const fs::path& file) {
  std::error_code ignored;
  const fs::file_status status = fs::symlink_status(file, ignored);
  return fs::exists(status) && !fs::is_regular_file(status) && !fs::is_directory(status);
}

bool is_error_of_the_path(const std::error_code& error) {
  return error == std::errc::not_a_directory || error == std::errc::file_exists ||
         error == std::errc::filename_too_long || error == std::errc::too_many_symbolic_link_levels;
}

}  // namespace

std::string read_text(const std::string& file) {
  if (fs::is_directory(file)) throw engine::InputError(file, "is a folder; expected a file");
  std::ifstream stream(file, std::ios::binary);
  std::stringstream text;
  if (stream) text << stream.rdbuf();
  if (!stream) throw engine::InputError(file, fmt::format("cannot be read: {}", std::strerror(errno)));
  return text.str();
}

void write_text(const std::string& file, std::string_view text) {
  if (!is_written_in_place(file))
    return write_text_by_way_of(fmt::format("{}.{}", file, getpid()), file, text);
  if (const int failed = write_all(file, text); failed != 0) refuse(file, failed);
}

void write_text_by_way_of(const fs::path& temporary, const fs::path& file, std::string_view text) {
  int failed = write_all(temporary, text);
  if (failed == 0 && std::rename(temporary.c_str(), file.c_str()) != 0) failed = errno;
  if (failed == 0) return;
  unlink(temporary.c_str());
  refuse(file, failed);
}

void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (!error && !fs::is_directory(folder, error)) error = std::make_error_code(std::errc::not_a_directory);
  if (!error) return;
  if (is_error_of_the_path(error))
    throw engine::InputError(folder.string(), "the folder cannot be created: " + error.message());
  throw engine::EnvironmentError(folder.string() + ": the folder cannot be made: " + error.message());
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  for (size_t end; !text.empty(); text.remove_prefix(std::min(end + 1, text.size()))) {
    end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
  }
  return lines;
}

}  // namespace reports
