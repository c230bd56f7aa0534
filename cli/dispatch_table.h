// DispatchTable: parses what Subject::table() returns for one operator: lines "KEY: where it comes from
// [reason]". The reason is "kernel" for a registration of the operator itself.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cli {

class DispatchTable {
 public:
  explicit DispatchTable(std::string_view text);

  // Keys at which a kernel is registered for the operator itself, in the table's order.
  const std::vector<std::string>& own_keys() const { return own_; }
  bool has_own(std::string_view key) const;
  // "formula", "composite" or "none".
  std::string derivative() const;

 private:
  std::vector<std::string> own_;
  std::string autograd_;  // the reason at AutogradCPU
};

}  // namespace cli
