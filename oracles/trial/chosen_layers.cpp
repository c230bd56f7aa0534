#include "oracles/trial/chosen_layers.h"

namespace oracles {

bool is_requested(const Trial& trial, corpora::LayerKind kind) {
  using corpora::LayerKind;
  const corpora::Path& path = trial.requested_path();
  if (!has_layer(path, kind)) return false;
  return kind == LayerKind::fake || kind == LayerKind::symbolic || !has_layer(path, LayerKind::fake);
}

corpora::Path chosen_layers(const Trial& trial, corpora::LayerKind kind,
                            const std::vector<int32_t>& candidates) {
  if (is_requested(trial, kind)) return trial.requested_path();
  corpora::PhiloxChoices choices = trial.choices(static_cast<uint64_t>(kind));
  corpora::Path path;
  const bool all = candidates.size() > 1 && choices.chance(1, 4);
  const size_t chosen = choices.below(candidates.size());
  for (size_t i = 0; i < candidates.size(); ++i)
    if (all || i == chosen) path.push_back({kind, candidates[i]});
  return path;
}

int32_t chosen_number(const Trial& trial, corpora::LayerKind kind, uint64_t count) {
  for (const corpora::Layer& layer : trial.requested_path())
    if (layer.kind == kind) return layer.storage;
  return static_cast<int32_t>(trial.choices(static_cast<uint64_t>(kind)).below(count));
}

}  // namespace oracles
