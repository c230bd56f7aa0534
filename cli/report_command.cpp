// faultline report: one document on one or more output folders.
#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "cli/command.h"
#include "cli/known_flag.h"
#include "engine/core/input_error.h"
#include "reports/files.h"
#include "reports/report_data.h"
#include "reports/writers.h"

namespace cli {
namespace {

struct ReportFlags {
  std::vector<std::string> directories;
  KnownFlag known;
  std::string format;
  std::string file;
};

// Throws InputError if the name cannot be a file's, EnvironmentError if the system refuses to write it.
void write_document(const std::string& file, std::string_view text) {
  namespace fs = std::filesystem;
  if (file == "-") return fmt::print("{}", text);
  const fs::path folder = fs::path(file).parent_path();
  if (fs::is_directory(file) || fs::path(file).filename().empty())
    throw engine::InputError(file, "is a folder; expected the name of a file, or - for standard output");
  if (!folder.empty() && !fs::is_directory(folder))
    throw engine::InputError(file, fmt::format("the folder '{}' does not exist", folder.string()));
  reports::write_text(file, text);
}

int report(const ReportFlags& flags) {
  const reports::Writer& writer = reports::writer_for(flags.format);
  const auto data = reports::read_report(flags.directories, flags.known.read());
  write_document(flags.file, writer.write(data));
  fmt::print(stderr, "faultline: {} findings in {} groups, {} of the findings new; written to {}\n",
             data.findings.size(), data.groups.size(), data.fresh(),
             flags.file == "-" ? "standard output" : flags.file);
  return status_ok;
}

}  // namespace

Command report_command(CLI::App& root) {
  auto* app = root.add_subcommand("report", "write a report on the output folders of runs");
  auto flags = std::make_shared<ReportFlags>();
  app->add_option("DIR", flags->directories, "output folders of runs")->type_name("")->required();
  app->add_option("--format", flags->format, reports::format_names())->type_name("NAME")->required();
  app->add_option("-o,--output", flags->file, "the file to write, or - for standard output")
      ->type_name("FILE")
      ->required();
  flags->known.add_to(*app);
  return {app, [flags] { return report(*flags); }};
}

}  // namespace cli
