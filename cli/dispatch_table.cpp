#include "cli/dispatch_table.h"

#include <algorithm>
#include <sstream>

namespace cli {

DispatchTable::DispatchTable(std::string_view text) {
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    const size_t colon = line.find(": ");
    const size_t reason = line.rfind(" [");
    if (colon == std::string::npos || reason == std::string::npos || line.back() != ']') continue;
    const std::string key = line.substr(0, colon);
    const std::string why = line.substr(reason + 2, line.size() - reason - 3);
    if (why == "kernel") own_.push_back(key);
    if (key == "AutogradCPU") autograd_ = why;
  }
}

bool DispatchTable::has_own(std::string_view key) const {
  return std::find(own_.begin(), own_.end(), key) != own_.end();
}

std::string DispatchTable::derivative() const {
  if (autograd_ == "autograd kernel" || has_own("AutogradCPU")) return "formula";
  return autograd_ == "math kernel" ? "composite" : "none";
}

}  // namespace cli
