#include "oracles/relations/copying_path.h"

#include <algorithm>

#include "oracles/relations/relation.h"
#include "oracles/trial/effects.h"

namespace oracles {

const TensorSnapshot* differing_result(const Outcome& side, const Divergence& divergence) {
  const Place& place = divergence.place;
  const CallOutcome& call = side.calls[static_cast<size_t>(divergence.call)];
  if (place.part != Part::result || static_cast<size_t>(place.index) >= call.results.size()) return nullptr;
  const Result* result = &call.results[static_cast<size_t>(place.index)];
  if (place.position >= 0) {
    if (static_cast<size_t>(place.position) >= result->list.size()) return nullptr;
    result = &result->list[static_cast<size_t>(place.position)];
  }
  return result->kind == Result::Kind::tensor ? &result->tensor : nullptr;
}

bool contiguous_inputs_change(Trial& trial, bool sharing) {
  const auto is_contiguous = [](const corpora::Input& input) {
    return input.offset == 0 && engine::is_contiguous(input.sizes, input.strides);
  };
  if (std::ranges::all_of(trial.test_case().inputs, is_contiguous)) return false;
  Relation relation;
  relation.left = {{corpora::LayerKind::contiguous}};
  if (!trial.refuses(relation.left).empty()) return false;
  Comparison& rules = relation.rules;
  rules.strides = rules.offset = rules.changes = false;
  rules.alias = rules.identity = sharing;
  return judge(trial, relation).judgement == Judgement::differ;
}

}  // namespace oracles
