// faultline accept: writes the known entry for a finding, so that it counts as known.
#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "cli/command.h"
#include "cli/flags.h"
#include "cli/known_flag.h"
#include "engine/core/input_error.h"
#include "reports/files.h"
#include "reports/finding.h"
#include "reports/known.h"

namespace cli {
namespace {

namespace fs = std::filesystem;

struct AcceptFlags {
  std::string finding;
  std::string known = own_known;
  std::string reason = "accepted without a reason";
};

int accept(const AcceptFlags& flags) {
  const fs::path place(flags.finding);
  const bool is_part = place.stem() == "finding" && fs::is_regular_file(place);
  const std::string folder = is_part ? (place.parent_path() / ".").string() : flags.finding;
  if (!fs::is_regular_file(fs::path(folder) / "finding.json"))
    throw engine::InputError(flags.finding,
                             "is not the folder of a finding; expected OUT/findings/<fingerprint>");
  const reports::Finding finding = reports::read_finding(folder);
  if (!finding.known.empty())
    throw engine::InputError(flags.finding, "the entry '" + finding.known + "' already explains it");
  const reports::KnownEntry entry = reports::entry_for(finding, flags.reason);
  reports::make_folder(flags.known);
  const fs::path file = fs::path(flags.known) / (entry.name + ".json");
  if (fs::exists(file)) throw engine::InputError(file.string(), "an entry of this name exists");
  reports::write_text(file.string(), reports::to_json(entry));
  fmt::print("{}\n", file.string());
  fmt::print(stderr, "faultline: the finding is now known to runs and reports {}\n",
             flags.known == own_known ? "in this folder" : "with --known " + flags.known);
  return status_ok;
}

}  // namespace

Command accept_command(CLI::App& root) {
  auto* app = root.add_subcommand("accept", "write the known entry for a finding, and print its path");
  auto flags = std::make_shared<AcceptFlags>();
  app->add_option("FINDING", flags->finding, "the folder of a finding: OUT/findings/<fingerprint>")
      ->type_name("")
      ->required();
  app->add_option("--known", flags->known, "the folder to write the entry into")
      ->type_name("DIR")
      ->check(an_output_folder())
      ->capture_default_str();
  app->add_option("--reason", flags->reason, "the reason for the entry, in one line")->capture_default_str();
  return {app, [flags] { return accept(*flags); }};
}

}  // namespace cli
