// python: a call, and the same call under a mode that passes it through an interpreter, or with wrapper
// tensors whose interpreter computes with what they stand for: everything agrees, the very error, and what is
// kept for the thread. Some draws put lazy bits, zeros, the typed call or Meta on both sides: fallbacks meet
// there.
#include "oracles/checks.h"
#include "oracles/relations/relation.h"
#include "oracles/trial/dressing.h"
#include "oracles/trial/exclusions.h"
#include "oracles/trial/verdicts.h"

namespace oracles {

namespace {

using corpora::LayerKind;

// A wrapper stands for values: its inner tensor's lazy bits are not its own.
const Exclusions& not_to_be_wrapped() {
  static const Exclusions list{
      {"aten::imag", "asks for the bit, which a wrapper does not show"},
      {"aten::real", "asks for the bit, which a wrapper does not show"},
      {"aten::resolve_*", "asks for the bit, which a wrapper does not show"},
      {"aten::is_conj", "asks for the bit, which a wrapper does not show"},
      {"aten::is_neg", "asks for the bit, which a wrapper does not show"},
      {"aten::_is_zerotensor", "asks for the bit, which a wrapper does not show"},
  };
  return list;
}

bool is_python(const corpora::Layer& layer) { return layer.row().key == engine::DispatchKey::Python; }

// More layers for both sides, where the subject can take them: none, one or two.
corpora::Path beneath(Trial& trial, const std::vector<int32_t>& storages) {
  std::vector<LayerKind> kinds;
  for (const corpora::LayerRow& row : corpora::all_layers())
    if (row.under_python) kinds.push_back(row.kind);
  corpora::PhiloxChoices choices = trial.choices(static_cast<uint64_t>(LayerKind::wrapped));
  corpora::Path path;
  for (uint64_t left = choices.below(3); left > 0; --left) {
    corpora::Layer layer{choices.pick(kinds)};
    if (layer.row().names_a_storage()) {
      if (storages.empty()) continue;
      layer.storage = choices.pick(storages);
    }
    if (std::find(path.begin(), path.end(), layer) != path.end()) continue;
    path.push_back(layer);
    if (!trial.subject().refuses(trial.test_case(), path).empty()) path.pop_back();
  }
  return path;
}

corpora::Path chosen_path(Trial& trial) {
  const corpora::Path& asked = trial.asked_path();
  if (std::any_of(asked.begin(), asked.end(), is_python)) return asked;
  const std::vector<TensorUse>& uses = trial.uses();
  const std::vector<bool> used = used_storages(trial.test_case(), uses);
  std::vector<int32_t> storages;
  for (size_t s = 0; s < used.size(); ++s)
    if (used[s]) storages.push_back(static_cast<int32_t>(s));

  corpora::Path path = beneath(trial, storages);
  corpora::PhiloxChoices choices = trial.choices(static_cast<uint64_t>(LayerKind::python));
  const bool can_wrap = !storages.empty() && not_to_be_wrapped().reason(trial.operators()).empty();
  const bool wraps = choices.chance(1, 2) && can_wrap;
  const bool mode = !wraps || choices.chance(1, 4);
  if (wraps)
    for (const corpora::Layer& layer : chosen_dressing(trial, LayerKind::wrapped, storages))
      path.push_back(layer);
  if (mode) path.push_back({LayerKind::python});
  return path;
}

corpora::Path without_python(corpora::Path path) {
  std::erase_if(path, is_python);
  return path;
}

// Of two written ZeroTensors the one that an interpreter does not hide is complained of first.
bool hides_zeros(const corpora::Path& path) {
  return has_layer(path, LayerKind::zero) && has_layer(path, LayerKind::wrapped);
}

// What no comparison of values shows: which error.
Verdict judge_errors(Verdict verdict, Trial& trial, const Outcome& left, const Outcome& right) {
  if (verdict.judgement != Judgement::both_raised || hides_zeros(verdict.right) ||
      (left.last().error_class == right.last().error_class && left.last().message == right.last().message))
    return verdict;
  verdict.judgement = Judgement::differ;
  Divergence& d = verdict.divergence;
  d.kind = Kind::error;
  d.call = static_cast<int>(right.calls.size()) - 1;
  d.op = trial.test_case().calls[static_cast<size_t>(d.call)].op;
  d.left = side_of(left.last());
  d.right = side_of(right.last());
  return verdict;
}

}  // namespace

Verdict check_python(Trial& trial) {
  const std::string cannot = trial.subject().refuses(trial.test_case(), {{LayerKind::python}});
  if (!cannot.empty()) return refused(cannot);
  if (const Verdict early = before_relation(trial); early.judgement != Judgement::agree) return early;
  Relation relation;
  relation.right = chosen_path(trial);
  relation.left = without_python(relation.right);
  relation.rules.bits = relation.rules.version = true;
  relation.undeclared_aliases = true;
  relation.accepts_layout_errors = false;
  for (const corpora::Path* path : {&relation.left, &relation.right})
    if (const std::string why = trial.subject().refuses(trial.test_case(), *path); !why.empty())
      return refused(why);
  const Outcome left = relation.left.empty() ? trial.direct() : trial.run(relation.left);
  const Outcome right = trial.run(relation.right);
  return judge_errors(judge(trial, relation, left, right), trial, left, right);
}

}  // namespace oracles
