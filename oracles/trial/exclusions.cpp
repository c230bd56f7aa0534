#include "oracles/trial/exclusions.h"

#include <algorithm>

namespace oracles {

Exclusions Exclusions::beside_uninitialised(std::initializer_list<Exclusion> list) {
  Exclusions all(list);
  constexpr std::string_view result = "returns uninitialised memory by contract";
  constexpr std::string_view elements = "new elements are uninitialised by contract";
  for (const std::string_view glob : {"aten::empty*", "aten::new_empty*", "aten::_empty*"})
    all.list_.push_back({glob, result});
  for (const std::string_view glob : {"aten::resize*", "aten::_resize_output*", "aten::sparse_resize*"})
    all.list_.push_back({glob, elements});
  return all;
}

std::string_view Exclusions::reason(const corpora::Operator& op) const {
  if (op.number >= found_.size()) found_.resize(op.number + 1);
  if (found_[op.number].data() && op.number > 0) return found_[op.number];
  const auto matches = [&](const Exclusion& each) { return corpora::glob_match(each.operators, op.name); };
  const auto at = std::ranges::find_if(list_, matches);
  return found_[op.number] = at == list_.end() ? "" : at->reason;
}

std::string_view Exclusions::reason(const std::vector<const corpora::Operator*>& operators) const {
  for (const corpora::Operator* op : operators)
    if (const std::string_view why = reason(*op); !why.empty()) return why;
  return {};
}

}  // namespace oracles
