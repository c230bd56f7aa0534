// layout: every input as a fresh contiguous copy (left) and as the case has it (right): sizes, dtypes, values
// and errors agree. The result's strides, and whether it shares memory, are each operator's own choice.
#include <algorithm>

#include "oracles/checks.h"
#include "oracles/relations/relation.h"
#include "oracles/trial/effects.h"
#include "oracles/trial/exclusions.h"
#include "oracles/trial/experiments.h"
#include "oracles/trial/verdicts.h"

namespace oracles {

namespace {

const Exclusions& about_strides() {
  static const Exclusions list{
      {"aten::view", "is about strides: refuses what cannot be a view"},
      {"aten::view.dtype", "is about strides: reads memory as another dtype"},
      {"aten::view_copy*", "is about strides, as view"},
      {"aten::view_as", "is about strides, as view"},
      {"aten::_unsafe_view*", "is about strides, as view"},
      {"aten::_reshape_alias*", "takes strides"},
      {"aten::*as_strided*", "takes strides of memory, not of values"},
      {"aten::view_as_complex*", "is about strides: pairs must be adjacent"},
      {"aten::unflatten*", "is about strides, as view"},
      {"aten::contiguous", "is about strides"},
      {"aten::is_contiguous*", "asks about strides"},
      {"aten::is_non_overlapping*", "asks about strides"},
      {"aten::stride*", "asks about strides"},
      {"aten::storage_offset*", "asks about strides"},
      {"aten::is_set_to*", "asks about memory"},
      {"aten::_has_same_storage_numel*", "asks about memory"},
      {"aten::_new_zeros_with_same_feature_meta*", "asks about memory"},
      {"aten::_debug_has_internal_overlap", "asks about strides"},
      {"aten::_weight_norm_differentiable_backward", "is documented for contiguous inputs"},
      {"aten::set_*", "replaces memory"},
      {"aten::set.*", "replaces memory"},
      {"aten::resize*", "what new elements hold depends on memory"},
      {"aten::_resize_output*", "what new elements hold depends on memory"},
      {"aten::sparse_resize*", "what new elements hold depends on memory"},
      {"aten::empty*", "returns uninitialised memory by contract"},
      {"aten::new_empty*", "returns uninitialised memory by contract"},
      {"aten::_nested_view_from_buffer*", "reads memory as it lies"},
      {"aten::_nested_from_padded*", "reads memory as it lies"},
      {"aten::_fw_primal*", "is plumbing of autograd"},
      {"aten::_make_dual*", "asks for equal layouts"},
      {"aten::squeeze_*", "changes strides in place"},
  };
  return list;
}

bool is_plain(const corpora::Input& input) {
  return input.offset == 0 && engine::is_contiguous(input.sizes, input.strides);
}

// Why a contiguous copy of every input is another program, not another layout.
std::string_view not_a_layout(const corpora::Case& c, const std::vector<TensorUse>& uses,
                              const std::vector<bool>& written) {
  std::vector<int> views(c.storages.size());
  for (const corpora::Input& input : c.inputs) ++views[static_cast<size_t>(input.storage)];
  for (size_t s = 0; s < written.size(); ++s)
    if (written[s] && views[s] > 1) return "a written storage has several views";
  for (const corpora::Input& input : c.inputs)
    if (written[static_cast<size_t>(input.storage)] && engine::may_overlap(input.sizes, input.strides))
      return "a written view overlaps itself";
  for (const TensorUse& use : uses)
    if (use.written && !use.tensor.is_input() && use.storage >= 0)
      return "writes through a result that may be a view or a copy";
  return {};
}

// One side raises. An operator may require a layout, and a contiguous one may be what it refuses: a view of
// it, made by an earlier call, is not. It then raises for all data.
bool states_a_requirement(Trial& trial, const Verdict& verdict, const Outcome& contiguous) {
  const auto call = static_cast<size_t>(verdict.divergence.call);
  const bool contiguous_raises = contiguous.calls[call].status == Status::raised;
  const CallOutcome& error = contiguous_raises ? contiguous.calls[call] : trial.direct().calls[call];
  if (error.cause == ErrorCause::layout) return true;
  return may_be_about_layouts(error) &&
         !data_can_change(trial, contiguous_raises ? verdict.left : verdict.right, verdict.right,
                          [&](const Outcome& other) { return passes(other, call); });
}

}  // namespace

Verdict check_layout(Trial& trial) {
  const corpora::Case& c = trial.test_case();
  if (std::all_of(c.inputs.begin(), c.inputs.end(), is_plain)) return refused("every input is contiguous");
  if (const std::string_view why = about_strides().reason(trial.operators()); !why.empty())
    return refused(why);
  if (const Verdict early = before_relation(trial); early.judgement != Judgement::agree) return early;
  const std::vector<TensorUse>& uses = trial.uses();
  const std::vector<bool> written = written_storages(c, uses, trial.direct());
  if (const std::string_view why = not_a_layout(c, uses, written); !why.empty()) return refused(why);

  Relation relation;
  relation.left = {{corpora::LayerKind::contiguous}};
  relation.accepts_layout_errors = false;
  Comparison& rules = relation.rules;
  rules.strides = rules.offset = rules.alias = rules.identity = false;
  // A generator's stream meets elements in the order of memory.
  rules.values = random_operator(trial.operators()) == nullptr;
  for (const corpora::Path* path : {&relation.left, &relation.right})
    if (const std::string why = trial.subject().refuses(c, *path); !why.empty()) return refused(why);
  const Outcome contiguous = trial.run(relation.left);
  Verdict verdict = judge(trial, relation, contiguous, trial.direct());
  if (verdict.judgement == Judgement::differ && verdict.divergence.kind == Kind::error &&
      states_a_requirement(trial, verdict, contiguous))
    return incomparable(std::move(verdict), "the operator states a requirement on layouts");
  return verdict;
}

}  // namespace oracles
