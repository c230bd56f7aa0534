#include "oracles/isolation/child_output.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>

namespace oracles {
namespace {

constexpr off_t kOutputBytes = 64 << 10;
constexpr size_t kLinesKept = 20, kBytesKept = 4 << 10;

}  // namespace

int make_child_output() {
  const int output = memfd_create("faultline-child", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (output < 0) return -1;
  if (ftruncate(output, kOutputBytes) == 0 && fcntl(output, F_ADD_SEALS, F_SEAL_GROW | F_SEAL_SHRINK) == 0)
    return output;
  close(output);
  return -1;
}

std::string last_lines(int output) {
  const off_t written = lseek(output, 0, SEEK_CUR);
  if (written <= 0) return {};
  std::string text(static_cast<size_t>(std::min<off_t>(written, kBytesKept)), '\0');
  const ssize_t n = pread(output, text.data(), text.size(), written - static_cast<off_t>(text.size()));
  text.resize(n > 0 ? static_cast<size_t>(n) : 0);
  if (static_cast<off_t>(text.size()) < written) text.erase(0, text.find('\n') + 1);
  while (text.ends_with('\n')) text.pop_back();
  size_t from = text.size();
  for (size_t line = 0; line < kLinesKept && from != std::string::npos && from > 0; ++line)
    from = text.rfind('\n', from - 1);
  return from == std::string::npos || from == 0 ? text : text.substr(from + 1);
}

}  // namespace oracles
