#include "oracles/trial/dressing.h"

namespace oracles {

bool is_asked(const Trial& trial, corpora::LayerKind kind) { return has_layer(trial.asked_path(), kind); }

corpora::Path chosen_dressing(const Trial& trial, corpora::LayerKind kind,
                              const std::vector<int32_t>& candidates) {
  if (is_asked(trial, kind)) return trial.asked_path();
  corpora::PhiloxChoices choices = trial.choices(static_cast<uint64_t>(kind));
  corpora::Path path;
  const bool all = candidates.size() > 1 && choices.chance(1, 4);
  const size_t chosen = choices.below(candidates.size());
  for (size_t i = 0; i < candidates.size(); ++i)
    if (all || i == chosen) path.push_back({kind, candidates[i]});
  return path;
}

}  // namespace oracles
