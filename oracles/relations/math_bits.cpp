#include "oracles/relations/math_bits.h"

#include <algorithm>
#include <cmath>

#include "oracles/compare/element.h"
#include "oracles/relations/relation.h"
#include "oracles/trial/chosen_layers.h"
#include "oracles/trial/experiments.h"
#include "oracles/trial/verdicts.h"

namespace oracles {

namespace {

const Exclusions& depends_on_bit() {
  static const Exclusions list = Exclusions::beside_uninitialised({
      {"aten::is_conj", "returns the bit"},
      {"aten::is_neg", "returns the bit"},
      {"aten::_is_zerotensor", "returns whether the input is a ZeroTensor"},
      {"aten::resolve_*", "copies only if the bit is set"},
      {"aten::view.dtype", "rejects the bit, as documented"},
      {"aten::view_copy.dtype*", "reads memory as another dtype"},
      {"aten::set_*", "replaces memory and keeps the bit"},
      {"aten::set.*", "replaces memory and keeps the bit"},
      {"aten::is_set_to*", "returns something about memory"},
      {"aten::_new_zeros_with_same_feature_meta*", "returns something about memory"},
      {"aten::data", "returns memory"},
  });
  return list;
}

// Whether the schema says that the argument is the first result.
bool is_first_result(const engine::Schema& schema, const engine::Argument& argument) {
  if (schema.returns.empty() || !schema.returns.front().alias || !argument.alias) return false;
  return schema.returns.front().alias->before == argument.alias->before;
}

// Whether the direct run bumped the version of each input that a call may write.
bool counts_all_writes(Trial& trial, const std::vector<TensorUse>& uses) {
  return std::ranges::all_of(uses, [&](const TensorUse& use) {
    if (!use.written || !use.tensor.is_input()) return true;
    const auto call = static_cast<size_t>(use.call);
    if (call >= trial.direct().calls.size()) return true;
    return std::ranges::any_of(trial.direct().calls[call].changes, [&](const InputChange& change) {
      return change.input == use.tensor.index && change.version_delta != 0;
    });
  });
}

// What the fallback rejects by design, or a call with no defined order of reads and writes; or empty.
std::string_view not_for_the_fallback(const Trial& trial, const std::vector<TensorUse>& uses,
                                      const std::vector<bool>& written, const corpora::Path& path) {
  const corpora::Case& c = trial.test_case();
  for (const TensorUse& use : uses) {
    if (use.storage < 0 || !transforms(path, use.storage) || !written[static_cast<size_t>(use.storage)])
      continue;
    if (use.written && use.in_list) return "the fallback rejects written lists with the bit, by design";
    // It takes the first result for the written argument. With another, or none, it ends in many ways.
    const corpora::Operator& op = *trial.operators()[static_cast<size_t>(use.call)];
    if (use.written && op.by_author &&
        !is_first_result(op.schema, op.schema.arguments[static_cast<size_t>(use.argument)]))
      return "the fallback expects the written argument as the first result";
    if (use.tensor.is_input() && engine::may_overlap(c.inputs[static_cast<size_t>(use.tensor.index)].sizes,
                                                     c.inputs[static_cast<size_t>(use.tensor.index)].strides))
      return "a written storage has a view that overlaps itself";
    for (const TensorUse& other : uses) {
      if (other.call != use.call || !use.written ||
          (other.argument == use.argument && other.tensor == use.tensor))
        continue;
      if (other.written && other.storage >= 0 && transforms(path, other.storage))
        return "the fallback rejects two written tensors with the bit, by design";
      if (other.storage == use.storage && !(other.tensor == use.tensor))
        return "one call reads and writes overlapping views";
    }
  }
  return {};
}

// Negating twice may change the signs of NaNs and of zero parts of complex numbers.
bool may_change_bits(const Trial& trial, int32_t storage) {
  const auto s = static_cast<size_t>(storage);
  const engine::DType dtype = trial.test_case().storages[s].dtype;
  if (engine::is_integral(dtype)) return false;
  if (engine::is_complex(dtype)) return true;
  const auto& bytes = trial.image().storages[s];
  for (size_t at = 0; at < bytes.size(); at += engine::size_of(dtype))
    if (std::isnan(component_at(dtype, bytes.data() + at, 0))) return true;
  return false;
}

// The right side changed a storage, perhaps outside of all views, that the left side did not change.
void judge_storages(const Trial& trial, const Outcome& left, const Outcome& right, Verdict& verdict) {
  for (size_t i = 0; i < std::min(left.calls.size(), right.calls.size()); ++i) {
    const auto& expected = left.calls[i].changed_storages;
    for (int32_t storage : right.calls[i].changed_storages) {
      if (std::ranges::count(expected, storage) > 0 || may_change_bits(trial, storage)) continue;
      verdict = differs(trial, i,
                        divergence_of(Kind::mutation, {Part::storage, storage}, Change::none, Change::values),
                        std::move(verdict));
      return;
    }
  }
}

// The program takes the bit away again, so that only the left side's fallback copies the tensor, densely, and
// only the right side sees its layout and refuses it.
bool right_refuses_layout(Trial& trial, const Verdict& verdict, const Outcome& right) {
  const Divergence& d = verdict.divergence;
  if (verdict.judgement != Judgement::differ || d.kind != Kind::error || d.left.raised()) return false;
  const auto call = static_cast<size_t>(d.call);
  const CallOutcome& error = right.calls[call];
  return error.cause == ErrorCause::layout ||
         (may_be_about_layouts(error) &&
          layout_can_change(trial, trial.test_case(), verdict.right, verdict.right,
                            [&](const Outcome& other) { return passes(other, call); }));
}

// The fallback's copy is contiguous, and with contiguous copies the call raises the same without the bit.
bool right_refuses_contiguous(Trial& trial, const Verdict& verdict, const Outcome& right) {
  const Divergence& d = verdict.divergence;
  if (verdict.judgement != Judgement::differ || d.kind != Kind::error || !d.right.raised()) return false;
  const auto call = static_cast<size_t>(d.call);
  const CallOutcome& error = right.calls[call];
  return layout_can_change(trial, trial.test_case(), {}, verdict.right, [&](const Outcome& other) {
    return other.calls.size() == call + 1 && other.last().status == error.status &&
           other.last().error_class == error.error_class && other.last().message == error.message;
  });
}

}  // namespace

Verdict check_math_bit(Trial& trial, corpora::LayerKind bit, const Exclusions& own) {
  const auto takes = row_of(bit).accepts;
  const corpora::Case& c = trial.test_case();
  const bool any =
      std::ranges::any_of(c.storages, [&](const corpora::Storage& storage) { return takes(storage.dtype); });
  if (!any || c.inputs.empty()) return refused("no storage can carry the bit");
  for (const Exclusions* list : {&depends_on_bit(), &own})
    if (const std::string_view why = list->reason(trial.operators()); !why.empty()) return refused(why);
  if (auto verdict = early_verdict(trial)) return *verdict;
  const std::vector<TensorUse>& uses = trial.uses();
  const std::vector<bool> used = used_storages(c, uses);
  const std::vector<bool> written = written_storages(c, uses, trial.direct());
  std::vector<int32_t> candidates;
  for (size_t s = 0; s < used.size(); ++s)
    if (used[s] && takes(c.storages[s].dtype)) candidates.push_back(static_cast<int32_t>(s));
  if (candidates.empty()) return refused("no call takes a tensor that can carry the bit");

  Relation relation;
  relation.right = chosen_layers(trial, bit, candidates);
  if (const std::string_view why = not_for_the_fallback(trial, uses, written, relation.right); !why.empty())
    return refused(why);
  const auto all_transformed = [&](auto&& condition) {
    return std::ranges::all_of(c.inputs, [&](const corpora::Input& input) {
      return !transforms(relation.right, input.storage) || condition(input);
    });
  };
  const bool in_order = all_transformed(
      [](const corpora::Input& input) { return engine::is_contiguous(input.sizes, input.strides); });
  // The fallback computes with a copy, and a copy of a view with gaps is contiguous.
  relation.rules.fresh_strides = all_transformed(is_dense);
  const bool writes_results =
      std::ranges::any_of(uses, [](const TensorUse& use) { return use.written && !use.tensor.is_input(); });
  relation.rules.strides = !writes_results;  // the call may have resized a result
  relation.rules.resized_strides = false;    // the fallback resizes the original after its copy
  // Negation does not keep the sign of every zero: it multiplies a complex number by -1, and an integer has
  // no negative zero. A kernel that ignores the bit also returns wrong values of other numbers.
  relation.rules.signed_zero = bit != corpora::LayerKind::neg;
  // The fallback copies into what the call may write, which bumps the version also if the call itself does
  // not.
  relation.rules.version = counts_all_writes(trial, uses);
  // Random numbers are drawn in the order of memory.
  relation.rules.values = in_order || !is_random(trial);
  if (const std::string why = trial.refuses(relation.right); !why.empty()) return refused(why);
  const Outcome right = trial.run(relation.right);
  Verdict verdict = judge(trial, relation, trial.direct(), right);
  if (right_refuses_layout(trial, verdict, right))
    return incomparable(std::move(verdict), "only the right side sees a layout that it refuses");
  if (right_refuses_contiguous(trial, verdict, right))
    return incomparable(std::move(verdict), "the call refuses contiguous copies, as the fallback makes");
  if (verdict.judgement == Judgement::agree && relation.rules.values)
    judge_storages(trial, trial.direct(), right, verdict);
  return verdict;
}

}  // namespace oracles
