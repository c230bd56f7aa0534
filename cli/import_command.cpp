// faultline import: turns a log of operator inputs into cases, one .case file for each call.
#include <fmt/format.h>

#include <memory>

#include "cli/command.h"
#include "cli/flags.h"
#include "cli/subject_choice.h"
#include "corpora/case/import.h"
#include "corpora/case/text.h"
#include "reports/files.h"

namespace cli {
namespace {

int import_log(const SubjectChoice& choice, const std::string& trace, const std::string& folder) {
  const std::string text = reports::read_text(trace);
  const auto subject = choice.make();
  corpora::Imported imported = corpora::import_trace(text, trace, subject->catalog());
  reports::make_folder(folder);
  for (size_t i = 0; i < imported.cases.size(); ++i) {
    imported.cases[i].header.subject = std::string(subject->name());
    imported.cases[i].header.load = choice.loaded_paths();
    const std::string file = folder + "/" + imported.names[i] + ".case";
    reports::write_text(file, corpora::to_text(imported.cases[i]));
    fmt::print("{}\n", file);
  }
  for (const auto& skipped : imported.skipped)
    fmt::print(stderr, "faultline: {}:{}: skipped {}: {}\n", trace, skipped.line, skipped.op, skipped.why);
  fmt::print(stderr, "faultline: {} cases, {} calls skipped\n", imported.cases.size(),
             imported.skipped.size());
  return status_ok;
}

}  // namespace

Command import_command(CLI::App& root) {
  auto* app = root.add_subcommand("import", "turn a log of operator inputs into cases");
  auto choice = std::make_shared<SubjectChoice>();
  choice->subject = "torch";  // the logs are PyTorch's
  auto trace = std::make_shared<std::string>();
  auto folder = std::make_shared<std::string>();
  app->add_option("TRACE", *trace, "lines 'Operator: aten.add.Tensor' and 'cnt: 3, ((T([2], f32), ...), {})'")
      ->type_name("")
      ->required();
  app->add_option("-o,--output", *folder, "the folder to write .case files into")
      ->type_name("DIR")
      ->required()
      ->check(an_output_folder());
  choice->add_to(*app);
  return {app, [=] { return import_log(*choice, *trace, *folder); }};
}

}  // namespace cli
