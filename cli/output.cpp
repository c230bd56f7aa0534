#include "cli/output.h"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>

#include "engine/core/input_error.h"
#include "reports/files.h"

namespace cli {

namespace fs = std::filesystem;

void write_document(const std::string& file, std::string_view text) {
  if (file == "-") return fmt::print("{}", text);
  const fs::path folder = fs::path(file).parent_path();
  if (fs::is_directory(file) || fs::path(file).filename().empty())
    throw engine::InputError(file, "is a folder; expected the name of a file, or - for standard output");
  if (!folder.empty() && !fs::is_directory(folder))
    throw engine::InputError(file, fmt::format("there is no folder '{}'", folder.string()));
  reports::write_text(file, text);
}

CLI::Validator an_output_folder() {
  const auto refusal = [](std::string& text) -> std::string {
    if (text.empty()) return "expected the name of a folder";
    return text == "-" ? "'-' is standard output; expected a folder, since there are several files to write"
                       : "";
  };
  return {refusal, ""};
}

}  // namespace cli
