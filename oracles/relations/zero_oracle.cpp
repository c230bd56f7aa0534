// zero: real zeros (left) and ZeroTensors (right) in the same storages agree in values, metadata with
// strides, aliasing and errors. If a call writes a ZeroTensor, which is immutable, it must raise, or leave
// zeros.
#include <algorithm>

#include "oracles/oracle_checks.h"
#include "oracles/relations/relation.h"
#include "oracles/trial/chosen_layers.h"
#include "oracles/trial/exclusions.h"
#include "oracles/trial/experiments.h"
#include "oracles/trial/verdicts.h"

namespace oracles {

namespace {

using corpora::LayerKind;

const Exclusions& depends_on_zero_tensors() {
  static const Exclusions list{
      {"aten::_is_zerotensor", "returns whether the input is a ZeroTensor"},
      {"aten::is_set_to*", "depends on memory, which a ZeroTensor does not have"},
      {"aten::_has_same_storage_numel*", "depends on memory, which a ZeroTensor does not have"},
      {"aten::_new_zeros_with_same_feature_meta*", "depends on memory, which a ZeroTensor does not have"},
      {"aten::set_*", "returns memory, which a ZeroTensor does not have"},
      {"aten::set.*", "returns memory, which a ZeroTensor does not have"},
      {"aten::data", "returns memory, which a ZeroTensor does not have"},
      {"aten::is_pinned", "depends on memory, which a ZeroTensor does not have"},
      {"aten::_debug_has_internal_overlap", "real zeros overlap themselves"},
      {"aten::is_contiguous*", "real zeros have strides of 0"},
      {"aten::_fw_primal*", "is internal to autograd"},
      {"aten::_make_dual*", "is internal to autograd"},
      {"aten::_unpack_dual*", "is internal to autograd"},
      {"aten::_efficientzerotensor*", "returns a ZeroTensor"},
      {"aten::empty*", "returns uninitialised memory by contract"},
      {"aten::new_empty*", "returns uninitialised memory by contract"},
  };
  return list;
}

corpora::Path real_zeros(const corpora::Path& path) {
  corpora::Path left;
  for (const corpora::Layer& layer : path)
    if (layer.kind == LayerKind::zero) left.push_back({LayerKind::zeros, layer.storage});
  return left;
}

// The storages that no call writes or, if there are no others and in one case of eight, those that calls
// write.
std::vector<int32_t> candidates(const Trial& trial, const std::vector<bool>& used,
                                const std::vector<bool>& written) {
  std::vector<int32_t> free, immutable;
  for (size_t s = 0; s < used.size(); ++s)
    if (used[s]) (written[s] ? immutable : free).push_back(static_cast<int32_t>(s));
  if (free.empty() || immutable.empty()) return free.empty() ? immutable : free;
  return trial.choices(1000).chance(1, 8) ? immutable : free;
}

// The first change of a transformed storage, if it is one to other values than zeros.
const InputChange* nonzero_write(const corpora::Case& c, const corpora::Path& path, const Outcome& outcome) {
  for (const CallOutcome& call : outcome.calls)
    for (const InputChange& change : call.changes) {
      if (!change.values_changed || !transforms(path, c.inputs[static_cast<size_t>(change.input)].storage))
        continue;
      const auto is_zero = [](std::byte b) { return b == std::byte{0}; };
      return std::ranges::all_of(change.after.values, is_zero) ? nullptr : &change;
    }
  return nullptr;
}

// The call wrote a ZeroTensor (`right`), or only real zeros (`left`) although neither call raised.
Verdict differs_in_mutation(Trial& trial, Verdict verdict, const InputChange* left,
                            const InputChange* right) {
  Divergence d = divergence_of(Kind::mutation, {Part::input, (left ? left : right)->input},
                               left ? Change::values : Change::none, right ? Change::values : Change::none);
  if (left) d.left.whole = {result_of(left->after)};
  if (right) d.right.whole = {result_of(right->after)};
  return differs(trial, trial.test_case().calls.size() - 1, std::move(d), std::move(verdict));
}

// A call writes a ZeroTensor: it must raise, or leave zeros if real zeros stay zeros, too.
Verdict judge_immutable(Trial& trial, Relation relation, const Outcome& left, const Outcome& right) {
  Verdict verdict;
  verdict.left = relation.left;
  verdict.right = relation.right;
  verdict.reach = right.reach;
  if (right.last().status == Status::raised) {
    verdict.judgement = left.returned() ? Judgement::agree : Judgement::both_raised;
    return verdict;
  }
  if (right.returned()) {
    if (const auto* written = nonzero_write(trial.test_case(), relation.right, right))
      return differs_in_mutation(trial, verdict, nullptr, written);
    if (const auto* written = nonzero_write(trial.test_case(), relation.left, left);
        written && left.returned())
      return differs_in_mutation(trial, verdict, written, nullptr);
  }
  relation.rules.changes = false;  // no values changed, and results show changes of geometry
  return judge(trial, relation, left, right);
}

// The last call writes a ZeroTensor that an earlier call returned on this side.
bool writes_zero_result(const std::vector<TensorUse>& uses, const Outcome& side) {
  const auto last = static_cast<int32_t>(side.calls.size()) - 1;
  return std::ranges::any_of(uses, [&](const TensorUse& use) {
    if (use.call != last || !use.written || use.tensor.is_input()) return false;
    const TensorSnapshot* tensor =
        tensor_result(side.calls[static_cast<size_t>(use.tensor.call)], use.tensor.index);
    return tensor && tensor->zero;
  });
}

// The case with what the library's fallback gives to kernels instead of the path's ZeroTensors: zeros that
// are expanded from one element.
corpora::Case with_expanded_zeros(const corpora::Case& c, const corpora::Path& path) {
  corpora::Case expanded = c;
  for (corpora::Input& input : expanded.inputs) {
    if (!transforms(path, input.storage)) continue;
    expanded.storages.push_back({c.storage_of(input).dtype, 1, corpora::FillRule::zeros, 0, {}});
    input.storage = static_cast<int32_t>(expanded.storages.size()) - 1;
    std::ranges::fill(input.strides, 0);
    input.offset = 0;
  }
  return expanded;
}

bool depends_on_strides(const Verdict& verdict, const Outcome& right) {
  const Kind kind = verdict.divergence.kind;
  if (kind == Kind::strides || kind == Kind::offset || kind == Kind::alias || kind == Kind::identity)
    return true;
  if (kind != Kind::error) return false;
  return right.last().status != Status::raised || may_be_about_layouts(right.last());
}

// Whether an author's operator does with the fallback's zeros what it does with plain zeros of the same
// strides: their strides are the library's choice.
bool as_with_expanded_zeros(Trial& trial, const Relation& relation, const Outcome& right,
                            const Verdict& verdict) {
  const corpora::Operator* op = trial.subject().catalog().find(verdict.divergence.op);
  if (!op || !op->by_author || right.reach == Reach::own || !depends_on_strides(verdict, right)) return false;
  const corpora::Case expanded = with_expanded_zeros(trial.test_case(), relation.right);
  Comparison rules = relation.rules;
  rules.changes = rules.alias = rules.identity = false;  // the storages are other ones
  return !compare(trial.run(expanded, {}, relation.right), right, rules).divergence;
}

// Whether an author's operator with real zeros meets a kernel of the library without their dtype. ZeroTensors
// may pass, since the library's kernels for them compute nothing.
bool lacks_a_dtype(Trial& trial, const Outcome& left, const Verdict& verdict) {
  const corpora::Operator* op = trial.subject().catalog().find(verdict.divergence.op);
  return op && op->by_author && verdict.divergence.kind == Kind::error && verdict.divergence.left.raised() &&
         left.last().cause == ErrorCause::missing_dtype;
}

}  // namespace

Verdict check_zero(Trial& trial) {
  if (trial.test_case().inputs.empty()) return refused("the case has no tensors");
  if (const std::string_view why = depends_on_zero_tensors().reason(trial.operators()); !why.empty())
    return refused(why);
  if (auto verdict = early_verdict(trial)) return *verdict;
  const std::vector<TensorUse>& uses = trial.uses();
  const std::vector<bool> used = used_storages(trial.test_case(), uses);
  const std::vector<bool> written = written_storages(trial.test_case(), uses, trial.direct());
  const std::vector<int32_t> storages = candidates(trial, used, written);
  if (storages.empty()) return refused("no call uses an input of this case");

  Relation relation;
  relation.right = chosen_layers(trial, LayerKind::zero, storages);
  relation.left = real_zeros(relation.right);
  relation.rules.values = !is_random(trial);
  // If the subject defines the signs of a ZeroTensor, both sides run the same kernel on the same bits.
  relation.exact = relation.rules.zeros_are_positive = trial.subject().zeros_are_positive();
  if (auto verdict = refused_path(trial, relation)) return *verdict;
  const Outcome left = trial.run(relation.left);
  const Outcome right = trial.run(relation.right);
  for (const corpora::Layer& layer : relation.right)
    if (layer.kind == LayerKind::zero && written[static_cast<size_t>(layer.storage)])
      return judge_immutable(trial, std::move(relation), left, right);
  Verdict verdict = judge(trial, relation, left, right);
  if (verdict.judgement == Judgement::differ && verdict.divergence.kind == Kind::error &&
      writes_zero_result(uses, right))
    return incomparable(std::move(verdict), "an earlier call returned a ZeroTensor, which is immutable");
  if (verdict.judgement == Judgement::differ && lacks_a_dtype(trial, left, verdict))
    return incomparable(std::move(verdict), "no kernel supports the dtype of the real zeros");
  if (verdict.judgement == Judgement::differ && as_with_expanded_zeros(trial, relation, right, verdict))
    return incomparable(std::move(verdict), "the library's fallback gives the kernel zeros of other strides");
  return verdict;
}

}  // namespace oracles
