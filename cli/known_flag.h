// KnownFlag: --known, the folders of known entries, for the commands that read entries. They also read the
// entries that are installed with the program and those in ./faultline-known, the folder of `accept`.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "reports/known.h"

namespace cli {

// The user's entries, in the current folder.
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
