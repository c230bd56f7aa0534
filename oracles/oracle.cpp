#include "oracles/oracle.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/core/input_error.h"
#include "oracles/planted/planted.h"

namespace oracles {

const Oracle* find_oracle(std::string_view name) {
  for (const Oracle& oracle : all_oracles())
    if (oracle.name == name) return &oracle;
  return nullptr;
}

bool judges_subject(const Oracle& oracle, std::string_view subject) {
  if (oracle.of_programs) return true;
  if (oracle.asks_peer) return subject == "engine";
  return std::ranges::any_of(all_planted(), [&](const Planted& planted) {
    return planted.oracle == oracle.name && planted.subject == subject;
  });
}

std::vector<const Oracle*> select_oracles(std::string_view names) {
  std::vector<bool> chosen(all_oracles().size());
  while (!names.empty()) {
    const size_t comma = std::min(names.find(','), names.size());
    const std::string_view name = names.substr(0, comma);
    names.remove_prefix(std::min(comma + 1, names.size()));
    if (name == "all") {
      chosen.assign(chosen.size(), true);
    } else if (const Oracle* oracle = find_oracle(name)) {
      chosen[static_cast<size_t>(oracle - all_oracles().data())] = true;
    } else {
      std::string known = "all";
      for (const Oracle& each : all_oracles()) known += fmt::format(", {}", each.name);
      throw engine::InputError("--oracles", fmt::format("unknown oracle '{}'; known: {}", name, known));
    }
  }
  std::vector<const Oracle*> selected;
  for (size_t i = 0; i < chosen.size(); ++i)
    if (chosen[i]) selected.push_back(&all_oracles()[i]);
  if (selected.empty()) throw engine::InputError("--oracles", "expected names of oracles, or all");
  return selected;
}

}  // namespace oracles
