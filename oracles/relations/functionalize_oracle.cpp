// functionalize: the program (left), and the same program functionalised (right): functional tensors wrap its
// inputs, writes become new values, and views are computed anew. Results, final inputs and aliasing agree.
// Functionalisation follows schemas and may store a value with other strides: what a program does beyond its
// schemas, or by its layouts, is incomparable.
#include <algorithm>
#include <functional>

#include "oracles/oracle_checks.h"
#include "oracles/relations/copying_path.h"
#include "oracles/relations/functional_form.h"
#include "oracles/relations/relation.h"
#include "oracles/trial/chosen_layers.h"
#include "oracles/trial/overlap.h"
#include "oracles/trial/result_layouts.h"
#include "oracles/trial/verdicts.h"

namespace oracles {

using corpora::LayerKind;

namespace {

// The values of functional tensors have no two elements in one place: a write reaches one of them only.
bool written_input_overlaps(Trial& trial) {
  const corpora::Case& c = trial.test_case();
  const std::vector<bool> written = written_storages(c, trial.uses(), trial.direct());
  return std::ranges::any_of(c.inputs, [&](const corpora::Input& input) {
    return written[static_cast<size_t>(input.storage)] && engine::may_overlap(input.sizes, input.strides);
  });
}

// Whether the memory of this result is not specified: its schema declares no alias, or the call writes and
// returns it, and a functional tensor that is resized gets other memory. Which input it is counts all the
// same.
bool sharing_is_unspecified(Trial& trial, const Outcome& left, const Outcome& right,
                            const Divergence& divergence) {
  if (divergence.kind != Kind::alias && divergence.kind != Kind::identity) return false;
  const TensorSnapshot* of_left = differing_result(left, divergence);
  const TensorSnapshot* of_right = differing_result(right, divergence);
  if (!of_left || !of_right) return false;
  const auto& returns = trial.operators()[static_cast<size_t>(divergence.call)]->schema.returns;
  const auto index = static_cast<size_t>(divergence.place.index);
  if (index >= returns.size()) return false;
  if (!returns[index].alias) return true;
  return returns[index].is_write() && of_left->same_as_input == of_right->same_as_input;
}

bool changes_to_other_layouts(const Outcome& outcome) {
  return returns_other_layouts(outcome) || std::ranges::any_of(outcome.calls, [](const CallOutcome& call) {
           return std::ranges::any_of(call.changes, [](const InputChange& c) { return c.after.opaque; });
         });
}

// Whether an earlier call returned other strides when functionalised. Then a later call that copies only what
// is not contiguous, such as reshape, may return a view on one side only.
bool earlier_strides_differ(const Outcome& left, const Outcome& right, int call) {
  const auto strides_differ = [](const TensorSnapshot* l, const TensorSnapshot* r) {
    return l->strides != r->strides;
  };
  for (size_t i = 0; i < static_cast<size_t>(call); ++i)
    if (!std::ranges::equal(tensor_results(left.calls[i]), tensor_results(right.calls[i]),
                            std::not_fn(strides_differ)))
      return true;
  return false;
}

// Why the two sides need not agree; or empty.
std::string_view need_not_agree(Trial& trial, const Outcome& right, const Verdict& verdict) {
  const Divergence& divergence = verdict.divergence;
  const bool sharing = divergence.kind == Kind::alias || divergence.kind == Kind::identity;
  if (changes_to_other_layouts(right)) return "a value is not a strided tensor";
  if (writes_shared_memory(trial, divergence.call, SameView::counts))
    return "the call writes memory that another operand views";
  if (contiguous_inputs_change(trial, sharing) ||
      (sharing && earlier_strides_differ(trial.direct(), right, divergence.call)))
    return "the program depends on layouts";
  if (functional_form_differs(trial, divergence.call, verdict.right))
    return "the functional form of the call returns something else than the call writes";
  return {};
}

}  // namespace

Verdict check_functionalize(Trial& trial) {
  if (trial.test_case().inputs.empty()) return refused("no call takes a tensor");
  Relation relation;
  // A value may have other strides than the memory that it replaces.
  relation.rules.strides = relation.rules.offset = false;
  // Nothing is read of a functionalised program that raised.
  relation.rules.raising_changes = false;
  relation.rules.values = !is_random(trial);
  relation.right = {{LayerKind::functional, chosen_number(trial, LayerKind::functional, 2)}};
  if (auto verdict = early_verdict(trial, relation.right)) return *verdict;
  // Functional tensors wrap strided tensors only.
  if (returns_other_layouts(trial.direct())) return refused("a result is not a strided tensor");
  if (written_input_overlaps(trial)) return refused("a written input overlaps itself");
  const Outcome right = trial.run(relation.right);
  Verdict verdict = judge(trial, relation, trial.direct(), right);
  if (verdict.judgement == Judgement::differ &&
      sharing_is_unspecified(trial, trial.direct(), right, verdict.divergence)) {
    relation.rules.alias = relation.rules.identity = false;
    verdict = judge(trial, relation, trial.direct(), right);
  }
  if (verdict.judgement != Judgement::differ) return verdict;
  if (const std::string_view why = need_not_agree(trial, right, verdict); !why.empty())
    return incomparable(std::move(verdict), why);
  return verdict;
}

}  // namespace oracles
