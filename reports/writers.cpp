#include "reports/writers.h"

#include <fmt/format.h>

#include <array>

#include "engine/core/input_error.h"

namespace reports {

std::span<const Writer> all_writers() {
  static constexpr std::array<Writer, 5> writers{{{"html", write_html},
                                                  {"json", write_json},
                                                  {"junit", write_junit},
                                                  {"sarif", write_sarif},
                                                  {"markdown", write_markdown}}};
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
