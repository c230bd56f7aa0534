#include "reports/writers.h"

#include <fmt/format.h>

#include <array>

#include "engine/core/input_error.h"

namespace reports {

std::span<const Writer> all_writers() {
  static constexpr std::array writers{Writer{"html", write_html}, Writer{"json", write_json},
                                      Writer{"junit", write_junit}, Writer{"sarif", write_sarif},
                                      Writer{"markdown", write_markdown}};
  return writers;
}

std::string format_names() {
  std::string names;
  for (const Writer& writer : all_writers())
    names += fmt::format("{}{}", names.empty() ? "" : ", ", writer.format);
  return names;
}

const Writer& writer_for(std::string_view format) {
  for (const Writer& writer : all_writers())
    if (writer.format == format) return writer;
  throw engine::InputError("--format",
                           fmt::format("unknown format '{}'; expected one of {}", format, format_names()));
}

}  // namespace reports
