#include "cli/known_flag.h"

#include <filesystem>

#include "cli/flags.h"

namespace cli {

void KnownFlag::add_to(CLI::App& app) {
  add_repeatable(
      app, "--known", folders_, "DIR",
      "a folder of known entries, read after the installed ones and ./faultline-known; may be repeated");
}

reports::KnownEntries KnownFlag::read() const {
  std::vector<std::string> folders{reports::installed_known()};
  if (std::filesystem::is_directory(own_known)) folders.emplace_back(own_known);
  folders.insert(folders.end(), folders_.begin(), folders_.end());
  return reports::KnownEntries::read(folders);
}

}  // namespace cli
