// faultline accept: writes the known entry for a finding, so that it counts as known from now on.
#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "cli/command.h"
#include "engine/core/input_error.h"
#include "reports/finding.h"
#include "reports/json_text.h"
#include "reports/known.h"

namespace cli {
namespace {

namespace fs = std::filesystem;

struct AcceptFlags {
  std::string finding;
  std::string known;
  std::string reason = "accepted without a reason";
};

int accept(const AcceptFlags& flags) {
  const fs::path place(flags.finding);
  const bool is_part = place.stem() == "finding" && fs::is_regular_file(place);
  const std::string folder = is_part ? (place.parent_path() / ".").string() : flags.finding;
  const reports::Finding finding = reports::read_finding(folder);
  if (!finding.known.empty())
    throw engine::InputError(flags.finding, "the entry '" + finding.known + "' explains it already");
  const reports::KnownEntry entry = reports::entry_for(finding, flags.reason);
  fs::create_directories(flags.known);
  const fs::path file = fs::path(flags.known) / (entry.name + ".json");
  if (fs::exists(file)) throw engine::InputError(file.string(), "there is an entry of this name already");
  reports::write_text(file.string(), reports::to_json(entry));
  fmt::print("{}\n", file.string());
  return status_ok;
}

}  // namespace

Command accept_command(CLI::App& root) {
  auto* app = root.add_subcommand("accept", "write the known entry for a finding, and print where");
  auto flags = std::make_shared<AcceptFlags>();
  flags->known = reports::installed_known();
  app->add_option("FINDING", flags->finding, "a finding's folder: OUT/findings/<fingerprint>")->required();
  app->add_option("--known", flags->known, "the folder of known entries to write into")
      ->capture_default_str();
  app->add_option("--reason", flags->reason, "why it is accepted, in one line")->capture_default_str();
  return {app, [flags] { return accept(*flags); }};
}

}  // namespace cli
