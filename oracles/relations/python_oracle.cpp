// python: a call (left), and the same call in a mode that passes it through an interpreter, or with wrapper
// tensors whose interpreter computes with their inner tensors (right). Everything agrees, also errors and the
// thread's state. Some draws add lazy bits, zeros, the typed call or Meta to both sides, to test combinations
// of fallbacks; not for torch, because the oracles of these layers have findings of their own there.
#include <algorithm>
#include <array>

#include "oracles/oracle_checks.h"
#include "oracles/relations/relation.h"
#include "oracles/trial/chosen_layers.h"
#include "oracles/trial/exclusions.h"
#include "oracles/trial/verdicts.h"

namespace oracles {

namespace {

using corpora::LayerKind;

bool of_torch(Trial& trial) { return trial.subject().name() == "torch"; }

const Exclusions& replaces_memory() {
  static const Exclusions list{
      {"aten::set_*", "replaces memory, which a wrapper does not have"},
      {"aten::set.*", "replaces memory, which a wrapper does not have"},
  };
  return list;
}

// Wrapper subclasses of PyTorch do not have the lazy bits of their inner tensors.
const Exclusions& asks_for_bits() {
  static const Exclusions list{
      {"aten::imag", "depends on the bit, which a wrapper does not have"},
      {"aten::real", "depends on the bit, which a wrapper does not have"},
      {"aten::resolve_*", "depends on the bit, which a wrapper does not have"},
      {"aten::is_conj", "depends on the bit, which a wrapper does not have"},
      {"aten::is_neg", "depends on the bit, which a wrapper does not have"},
      {"aten::_is_zerotensor", "depends on the bit, which a wrapper does not have"},
  };
  return list;
}

bool can_be_wrapped(Trial& trial) {
  return replaces_memory().reason(trial.operators()).empty() &&
         (!of_torch(trial) || asks_for_bits().reason(trial.operators()).empty());
}

bool is_python(const corpora::Layer& layer) { return layer.row().key == engine::DispatchKey::Python; }

// Up to two more layers for both sides, if the subject supports them.
corpora::Path shared_layers(Trial& trial, const std::vector<int32_t>& storages) {
  std::vector<LayerKind> kinds;
  for (const corpora::LayerRow& row : corpora::all_layers())
    if (row.under_python) kinds.push_back(row.kind);
  corpora::PhiloxChoices choices = trial.choices(static_cast<uint64_t>(LayerKind::wrapped));
  corpora::Path path;
  if (of_torch(trial)) return path;
  for (uint64_t left = choices.below(3); left > 0; --left) {
    corpora::Layer layer{choices.pick(kinds)};
    if (layer.row().names_a_storage()) {
      if (storages.empty()) continue;
      layer.storage = choices.pick(storages);
    }
    if (std::ranges::count(path, layer) > 0) continue;
    path.push_back(layer);
    if (!trial.refuses(path).empty()) path.pop_back();
  }
  return path;
}

corpora::Path chosen_path(Trial& trial) {
  if (std::ranges::any_of(trial.requested_path(), is_python)) return trial.requested_path();
  const std::vector<bool> used = used_storages(trial.test_case(), trial.uses());
  std::vector<int32_t> storages;
  for (size_t s = 0; s < used.size(); ++s)
    if (used[s]) storages.push_back(static_cast<int32_t>(s));

  corpora::Path path = shared_layers(trial, storages);
  corpora::PhiloxChoices choices = trial.choices(static_cast<uint64_t>(LayerKind::python));
  const bool can_wrap = !storages.empty() && can_be_wrapped(trial);
  const bool wraps = choices.chance(1, 2) && can_wrap;
  const bool mode = !wraps || choices.chance(1, 4);
  if (wraps)
    for (const corpora::Layer& layer : chosen_layers(trial, LayerKind::wrapped, storages))
      path.push_back(layer);
  if (mode) path.push_back({LayerKind::python});
  return path;
}

corpora::Path without_python(corpora::Path path) {
  std::erase_if(path, is_python);
  return path;
}

// If a call writes two ZeroTensors, the error names the one that is not wrapped.
bool hides_zeros(const corpora::Path& path) {
  return has_layer(path, LayerKind::zero) && has_layer(path, LayerKind::wrapped);
}

// PyTorch has fewer classes in Python than in C++, and writes types differently in messages.
bool same_in_python(const CallOutcome& left, const CallOutcome& right) {
  const auto class_in_python = [](const CallOutcome& error) {
    constexpr std::array<std::string_view, 5> same{"IndexError", "ValueError", "TypeError",
                                                   "NotImplementedError", "MemoryError"};
    return std::ranges::count(same, error.error_class) > 0 ? std::string_view(error.error_class) : "";
  };
  return class_in_python(left) == class_in_python(right);
}

// Both sides must raise the same error.
Verdict judge_errors(Verdict verdict, Trial& trial, const Outcome& left, const Outcome& right) {
  if (verdict.judgement != Judgement::both_raised || hides_zeros(verdict.right)) return verdict;
  const CallOutcome &one = left.last(), &other = right.last();
  const bool same = of_torch(trial) ? same_in_python(one, other)
                                    : one.error_class == other.error_class && one.message == other.message;
  if (same) return verdict;
  return differs(trial, right.calls.size() - 1,
                 divergence_of(Kind::error, {}, side_of(left.last()), side_of(right.last())), verdict);
}

}  // namespace

Verdict check_python(Trial& trial) {
  if (auto verdict = early_verdict(trial, {{LayerKind::python}})) return *verdict;
  const corpora::Path path = chosen_path(trial);
  Relation relation = full_relation(without_python(path), path);
  relation.accepts_layout_errors = false;
  if (auto verdict = refused_path(trial, relation)) return *verdict;
  const Outcome left = relation.left.empty() ? trial.direct() : trial.run(relation.left);
  const Outcome right = trial.run(relation.right);
  return judge_errors(judge(trial, relation, left, right), trial, left, right);
}

}  // namespace oracles
