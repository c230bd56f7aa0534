// batched: the program (left), and one example of the program that runs once for a batch (right, vmap). The
// other examples have the same values in another order. Storages that calls write are batched if any is.
#include <algorithm>

#include "oracles/oracle_checks.h"
#include "oracles/relations/copying_path.h"
#include "oracles/relations/relation.h"
#include "oracles/trial/batching.h"
#include "oracles/trial/chosen_layers.h"
#include "oracles/trial/exclusions.h"
#include "oracles/trial/result_layouts.h"
#include "oracles/trial/verdicts.h"

namespace oracles {

namespace {

using corpora::Layer;
using corpora::LayerKind;

const Exclusions& depends_on_memory() {
  static const Exclusions list{
      {"aten::set_*", "replaces memory"},
      {"aten::set.*", "replaces memory"},
      {"aten::is_set_to*", "returns something about memory"},
      {"aten::_has_same_storage_numel*", "returns something about memory"},
      {"aten::_has_compatible_shallow_copy_type*", "returns something about memory"},
      {"aten::_new_zeros_with_same_feature_meta*", "returns something about memory"},
      {"aten::as_strided_copy*", "takes an offset in memory, where a batch has another example"},
      {"aten::as_strided_scatter*", "takes an offset in memory, where a batch has another example"},
  };
  return list;
}

// A program that a batch may compute in another order of reads and writes; or empty.
std::string_view depends_on_order(const corpora::Case& c, const std::vector<TensorUse>& uses,
                                  const std::vector<bool>& written) {
  for (const corpora::Input& input : c.inputs)
    if (written[static_cast<size_t>(input.storage)] && engine::may_overlap(input.sizes, input.strides))
      return "a written view overlaps itself";
  for (const TensorUse& use : uses)
    if (use.written && !use.tensor.is_input()) return "a call writes a result that may be a view or a copy";
  return {};
}

// One storage, or several, at the outer level; in one case of four also at the inner level.
corpora::Path chosen_path(const Trial& trial, const std::vector<int32_t>& candidates,
                          const std::vector<bool>& written) {
  if (is_requested(trial, LayerKind::batching)) return trial.requested_path();
  corpora::PhiloxChoices choices = trial.choices(static_cast<uint64_t>(LayerKind::batching));
  const bool nests = choices.chance(1, 4);
  std::vector<LayerKind> kinds{LayerKind::batched};
  if (nests) kinds.push_back(LayerKind::nested);
  corpora::Path path;
  for (const LayerKind kind : kinds) {
    const bool all = choices.chance(1, 3);
    const size_t chosen = choices.below(candidates.size());
    for (size_t i = 0; i < candidates.size(); ++i)
      if (all || i == chosen || written[static_cast<size_t>(candidates[i])])
        path.push_back({kind, candidates[i]});
  }
  path.push_back({LayerKind::batching, static_cast<int32_t>(choices.below(Batching::numbers))});
  return path;
}

std::vector<engine::Dims> sizes_of_results(const Outcome& outcome) {
  std::vector<engine::Dims> sizes;
  for (const CallOutcome& call : outcome.calls)
    for (const TensorSnapshot* tensor : tensor_results(call)) sizes.push_back(tensor->sizes);
  return sizes;
}

// Why the batch may fail although its chosen example passes, or have other sizes; or empty.
std::string_view other_example_decides(Trial& trial, const Verdict& verdict) {
  const Kind kind = verdict.divergence.kind;
  if (kind != Kind::error && kind != Kind::sizes && kind != Kind::outputs) return {};
  for (const corpora::Case& other : other_examples(trial.test_case(), trial.image(), verdict.right)) {
    const Outcome alone = trial.run(other, {}, verdict.right);
    if (alone.returned() != trial.direct().returned()) return "another example raises";
    if (sizes_of_results(alone) != sizes_of_results(trial.direct()))
      return "the sizes of results depend on values";
  }
  return {};
}

// Whether one example depends on the layout of its inputs: those of a batch have another one.
bool depends_on_layout(Trial& trial, Relation relation) {
  const corpora::Path journal_path = relation.right;
  relation.right.clear();
  const auto differs_as = [&](const corpora::Case& other) {
    if (!corpora::fault_of(other).empty()) return false;
    relation.right_program = &other;
    const Outcome outcome = trial.run(other, {}, journal_path);
    return judge(trial, relation, trial.direct(), outcome).judgement == Judgement::differ;
  };
  return differs_as(spaced_out(trial.test_case(), trial.image())) ||
         differs_as(views_of_batch(trial.test_case(), trial.image(), journal_path)) ||
         contiguous_inputs_change(trial, /*sharing=*/false);
}

}  // namespace

Verdict check_batched(Trial& trial) {
  const corpora::Case& c = trial.test_case();
  if (c.inputs.empty()) return refused("no call takes a tensor");
  if (const std::string_view why = depends_on_memory().reason(trial.operators()); !why.empty())
    return refused(why);
  if (auto verdict = early_verdict(trial)) return *verdict;
  const std::vector<TensorUse>& uses = trial.uses();
  const std::vector<bool> used = used_storages(c, uses);
  const std::vector<bool> written = written_storages(c, uses, trial.direct());
  if (const std::string_view why = depends_on_order(c, uses, written); !why.empty()) return refused(why);
  std::vector<int32_t> candidates;
  for (size_t s = 0; s < used.size(); ++s)
    if (used[s]) candidates.push_back(static_cast<int32_t>(s));
  if (candidates.empty()) return refused("no call takes a tensor");
  if (returns_other_layouts(trial.direct())) return refused("a result is not a strided tensor");

  Relation relation;
  relation.right = chosen_path(trial, candidates, written);
  Comparison& rules = relation.rules;
  rules.strides = rules.offset = rules.alias = rules.identity = false;
  rules.values = !is_random(trial);
  if (auto verdict = refused_path(trial, relation)) return *verdict;
  Verdict verdict = judge(trial, relation);
  if (verdict.judgement != Judgement::differ) return verdict;
  if (const std::string_view why = other_example_decides(trial, verdict); !why.empty())
    return incomparable(std::move(verdict), why);
  if (depends_on_layout(trial, relation))
    return incomparable(std::move(verdict), "the result depends on the layout of the inputs");
  return verdict;
}

}  // namespace oracles
