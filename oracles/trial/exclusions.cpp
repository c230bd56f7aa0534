#include "oracles/trial/exclusions.h"

namespace oracles {

std::string_view Exclusions::reason(const corpora::Operator& op) const {
  if (op.number >= found_.size()) found_.resize(op.number + 1);
  if (found_[op.number].data() && op.number > 0) return found_[op.number];
  std::string_view reason = "";
  for (const Exclusion& exclusion : list_) {
    if (!corpora::glob_match(exclusion.operators, op.name)) continue;
    reason = exclusion.reason;
    break;
  }
  return found_[op.number] = reason;
}

std::string_view Exclusions::reason(const std::vector<const corpora::Operator*>& operators) const {
  for (const corpora::Operator* op : operators)
    if (const std::string_view why = reason(*op); !why.empty()) return why;
  return {};
}

}  // namespace oracles
