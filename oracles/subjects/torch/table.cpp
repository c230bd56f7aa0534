#include <algorithm>
#include <sstream>

#include "oracles/subjects/torch/torch_subject.h"

namespace oracles::aten {

namespace {

std::vector<std::string> names_of(c10::DispatchKeySet keys) {
  std::vector<std::string> names;
  for (c10::DispatchKey key : keys) names.emplace_back(c10::toString(key));
  std::reverse(names.begin(), names.end());
  return names;
}

}  // namespace

std::string TorchSubject::table(std::string_view op) const {
  const BoundOperator* bound = operators_.find(op);
  if (!bound) return {};
  std::istringstream dump(bound->handle.dumpComputedTable());
  std::string text;
  // The trace's own entry is no part of the library.
  for (std::string line; std::getline(dump, line);)
    if (!line.starts_with("TESTING_ONLY_GenericMode:")) text += line + '\n';
  return text;
}

std::vector<std::string> TorchSubject::key_names(uint64_t keys) const {
  return names_of(c10::DispatchKeySet(c10::DispatchKeySet::RAW, keys));
}

std::vector<std::string> TorchSubject::all_keys() const {
  return names_of(c10::DispatchKeySet(c10::DispatchKeySet::FULL));
}

}  // namespace oracles::aten
