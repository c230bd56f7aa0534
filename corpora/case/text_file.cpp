#include "corpora/case/text_file.h"

#include <fmt/format.h>

#include <array>
#include <fstream>

#include "corpora/case/case.h"
#include "engine/core/input_error.h"

namespace corpora {

std::string text_of_file(const std::string& file, std::string_view expected) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw engine::InputError(file, fmt::format("cannot be opened; expected {}", expected));
  std::string text;
  std::array<char, 1 << 16> block{};
  while (stream && text.size() <= CaseLimits::text_bytes) {
    stream.read(block.data(), block.size());
    text.append(block.data(), static_cast<size_t>(stream.gcount()));
  }
  if (stream.bad() || (stream.fail() && !stream.eof()))
    throw engine::InputError(file, fmt::format("cannot be read; expected {}", expected));
  return text;
}

}  // namespace corpora
