// layout: every input as a contiguous copy (left) and as the case has it (right): sizes, dtypes, values and
// errors agree. An operator may choose the strides of its result, and whether the result shares memory.
#include <algorithm>

#include "oracles/oracle_checks.h"
#include "oracles/relations/relation.h"
#include "oracles/trial/effects.h"
#include "oracles/trial/exclusions.h"
#include "oracles/trial/experiments.h"
#include "oracles/trial/verdicts.h"

namespace oracles {

namespace {

const Exclusions& depends_on_layout() {
  static const Exclusions list = Exclusions::beside_uninitialised({
      {"aten::view", "depends on strides: rejects what cannot be a view"},
      {"aten::view.dtype", "depends on strides: reads memory as another dtype"},
      {"aten::view_copy*", "depends on strides, as view does"},
      {"aten::view_as", "depends on strides, as view does"},
      {"aten::_unsafe_view*", "depends on strides, as view does"},
      {"aten::_reshape_alias*", "takes strides"},
      {"aten::*as_strided*", "takes strides of memory"},
      {"aten::view_as_complex*", "depends on strides: pairs must be adjacent"},
      {"aten::unflatten*", "depends on strides, as view does"},
      {"aten::contiguous", "depends on strides"},
      {"aten::is_contiguous*", "returns something about strides"},
      {"aten::is_non_overlapping*", "returns something about strides"},
      {"aten::stride*", "returns something about strides"},
      {"aten::storage_offset*", "returns something about strides"},
      {"aten::sym_stride*", "returns something about strides"},
      {"aten::sym_storage_offset*", "returns something about strides"},
      {"aten::sym_is_contiguous*", "returns something about strides"},
      {"inductor::_reinterpret_tensor", "takes strides of memory"},
      {"aten::is_set_to*", "returns something about memory"},
      {"aten::_has_same_storage_numel*", "returns something about memory"},
      {"aten::_new_zeros_with_same_feature_meta*", "returns something about memory"},
      {"aten::_debug_has_internal_overlap", "returns something about strides"},
      {"aten::_weight_norm_differentiable_backward", "is documented for contiguous inputs"},
      {"aten::set_*", "replaces memory"},
      {"aten::set.*", "replaces memory"},
      {"aten::_nested_view_from_buffer*", "reads memory in its own order"},
      {"aten::_nested_from_padded*", "reads memory in its own order"},
      {"aten::_fw_primal*", "is internal to autograd"},
      {"aten::_make_dual*", "requires equal layouts"},
      {"aten::squeeze_*", "changes strides in place"},
  });
  return list;
}

bool is_plain(const corpora::Input& input) {
  return input.offset == 0 && engine::is_contiguous(input.sizes, input.strides);
}

// Why the program with contiguous copies of all inputs is a different program; or empty.
std::string_view different_program(const corpora::Case& c, const std::vector<TensorUse>& uses,
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
      return "a call writes a result that may be a view or a copy";
  return {};
}

// One side raises. An operator may accept certain layouts only; it then raises for all data. It may also
// reject the contiguous copy: an earlier call may have made a view of it that is not contiguous.
bool requires_a_layout(Trial& trial, const Verdict& verdict, const Outcome& contiguous) {
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
  if (std::ranges::all_of(c.inputs, is_plain)) return refused("every input is contiguous");
  if (const std::string_view why = depends_on_layout().reason(trial.operators()); !why.empty())
    return refused(why);
  if (auto verdict = early_verdict(trial)) return *verdict;
  const std::vector<TensorUse>& uses = trial.uses();
  const std::vector<bool> written = written_storages(c, uses, trial.direct());
  if (const std::string_view why = different_program(c, uses, written); !why.empty()) return refused(why);

  Relation relation;
  relation.left = {{corpora::LayerKind::contiguous}};
  relation.accepts_layout_errors = false;
  Comparison& rules = relation.rules;
  rules.strides = rules.offset = rules.alias = rules.identity = false;
  // Random numbers are drawn in the order of memory.
  rules.values = !is_random(trial);
  if (auto verdict = refused_path(trial, relation)) return *verdict;
  const Outcome contiguous = trial.run(relation.left);
  Verdict verdict = judge(trial, relation, contiguous, trial.direct());
  if (verdict.judgement == Judgement::differ && verdict.divergence.kind == Kind::error &&
      requires_a_layout(trial, verdict, contiguous))
    return incomparable(std::move(verdict), "the operator accepts certain layouts only");
  return verdict;
}

}  // namespace oracles
