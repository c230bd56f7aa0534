// functionalize: the program (left), and the same program functionalised (right): functional tensors wrap its
// inputs, writes become new values, and views are computed anew. Results, final inputs and aliasing agree.
#include <algorithm>

#include "oracles/oracle_checks.h"
#include "oracles/relations/relation.h"
#include "oracles/trial/chosen_layers.h"
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

}  // namespace

Verdict check_functionalize(Trial& trial) {
  if (trial.test_case().inputs.empty()) return refused("no call takes a tensor");
  Relation relation;
  // A value may have other strides than the memory that it replaces.
  relation.rules.strides = relation.rules.offset = false;
  relation.rules.values = !is_random(trial);
  relation.right = {{LayerKind::functional, chosen_number(trial, LayerKind::functional, 2)}};
  if (auto verdict = early_verdict(trial, relation.right)) return *verdict;
  // Functional tensors wrap strided tensors only.
  if (returns_other_layouts(trial.direct())) return refused("a result is not a strided tensor");
  if (written_input_overlaps(trial)) return refused("a written input overlaps itself");
  return judge(trial, relation);
}

}  // namespace oracles
