// faultline report: one document over one or more output directories.
#include <fmt/format.h>

#include <memory>

#include "cli/command.h"
#include "cli/known_flag.h"
#include "cli/output.h"
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

int report(const ReportFlags& flags) {
  const reports::Writer& writer = reports::writer_for(flags.format);
  const auto data = reports::read_report(flags.directories, flags.known.read());
  write_document(flags.file, writer.write(data));
  fmt::print(stderr, "faultline: {} findings in {} groups, {} of them new: {}\n", data.findings.size(),
             data.groups.size(), data.fresh(), flags.file == "-" ? "standard output" : flags.file);
  return status_ok;
}

}  // namespace

Command report_command(CLI::App& root) {
  auto* app = root.add_subcommand("report", "write a report over output directories");
  auto flags = std::make_shared<ReportFlags>();
  std::string formats;
  for (const auto& writer : reports::all_writers())
    formats += fmt::format("{}{}", formats.empty() ? "" : ", ", writer.format);
  app->add_option("DIR", flags->directories, "output directories of runs")->required();
  app->add_option("--format", flags->format, formats)->required();
  app->add_option("-o,--output", flags->file, "the file to write, or - for standard output")->required();
  flags->known.add_to(*app);
  return {app, [flags] { return report(*flags); }};
}

}  // namespace cli
