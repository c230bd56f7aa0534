// KnownFlag: --known, the folders whose entries explain findings, for the commands that read entries. Those
// that came with the program are always read, and those of ./faultline-known where `accept` writes unless it
// is told a folder.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "reports/known.h"

namespace cli {

// The user's own entries, in the current folder.
inline constexpr const char* own_known = "faultline-known";

class KnownFlag {
 public:
  void add_to(CLI::App& app);
  // Throws InputError for a folder that is missing or an entry that is wrong.
  reports::KnownEntries read() const;

 private:
  std::vector<std::string> folders_;
};

}  // namespace cli
