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
  // Its other findings are of the same mistake: without entries for them they would count as new.
  std::vector<reports::KnownEntry> entries;
  const reports::Finding mistake = reports::read_finding(folder);
  reports::for_each_finding(mistake, [&](const reports::Finding& finding) {
    if (finding.known.empty()) entries.push_back(reports::entry_for(finding, flags.reason));
  });
  if (entries.empty())
    throw engine::InputError(flags.finding, "the entry '" + mistake.known + "' already explains it");
  const auto file_of = [&](const reports::KnownEntry& entry) {
    return (fs::path(flags.known) / (entry.name + ".json")).string();
  };
  if (fs::exists(file_of(entries.front())))
    throw engine::InputError(file_of(entries.front()), "an entry of this name exists");
  reports::make_folder(flags.known);
  for (const reports::KnownEntry& entry : entries) {
    reports::write_text(file_of(entry), reports::to_json(entry));
    fmt::print("{}\n", file_of(entry));
  }
  fmt::print(stderr, "faultline: the finding is now known to runs and reports {}\n",
             flags.known == own_known ? "in this folder" : "with --known " + flags.known);
  return status_ok;
}

}  // namespace

Command accept_command(CLI::App& root) {
  auto* app = root.add_subcommand(
      "accept", "write the known entries for a finding and those on the same mistake, and print their paths");
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
