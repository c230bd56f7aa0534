// zero: real zeros (left) and ZeroTensors (right) in the same storages: values, metadata with strides,
// aliasing, errors. Written storages are a check of their own: an immutable tensor raises when it is written,
// or stays zero.
#include <algorithm>

#include "oracles/checks.h"
#include "oracles/relations/relation.h"
#include "oracles/trial/dressing.h"
#include "oracles/trial/exclusions.h"
#include "oracles/trial/verdicts.h"

namespace oracles {

namespace {

using corpora::LayerKind;

const Exclusions& about_the_dressing() {
  static const Exclusions list{
      {"aten::_is_zerotensor", "asks about the dressing"},
      {"aten::is_set_to*", "asks about memory, which a ZeroTensor does not have"},
      {"aten::_has_same_storage_numel*", "asks about memory, which a ZeroTensor does not have"},
      {"aten::_new_zeros_with_same_feature_meta*", "asks about memory, which a ZeroTensor does not have"},
      {"aten::set_*", "shows memory, which a ZeroTensor does not have"},
      {"aten::set.*", "shows memory, which a ZeroTensor does not have"},
      {"aten::data", "shows memory, which a ZeroTensor does not have"},
      {"aten::is_pinned", "asks about memory, which a ZeroTensor does not have"},
      {"aten::_debug_has_internal_overlap", "asks about the dressing: materialised zeros overlap themselves"},
      {"aten::is_contiguous*", "asks about the dressing: materialised zeros have no strides"},
      {"aten::_fw_primal*", "is plumbing of autograd"},
      {"aten::_make_dual*", "is plumbing of autograd"},
      {"aten::_unpack_dual*", "is plumbing of autograd"},
      {"aten::_efficientzerotensor*", "makes ZeroTensors"},
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

// Storages to dress: those that nothing writes; written ones where there are no others, and now and then.
std::vector<int32_t> candidates(const Trial& trial, const std::vector<bool>& used,
                                const std::vector<bool>& written) {
  std::vector<int32_t> free, immutable;
  for (size_t s = 0; s < used.size(); ++s)
    if (used[s]) (written[s] ? immutable : free).push_back(static_cast<int32_t>(s));
  if (free.empty() || immutable.empty()) return free.empty() ? immutable : free;
  return trial.choices(1000).chance(1, 8) ? immutable : free;
}

bool writes_dressed(const corpora::Case& c, const corpora::Path& path, const Outcome& outcome,
                    const InputChange*& written) {
  for (const CallOutcome& call : outcome.calls)
    for (const InputChange& change : call.changes) {
      if (!change.values_changed || !transforms(path, c.inputs[static_cast<size_t>(change.input)].storage))
        continue;
      written = &change;
      return true;
    }
  return false;
}

bool all_zero(const std::vector<std::byte>& bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::byte b) { return b == std::byte{0}; });
}

// The call wrote a ZeroTensor (`right`), or its write to real zeros (`left`) got lost and nothing raised.
Verdict differs_in_mutation(Trial& trial, Verdict verdict, const InputChange* left,
                            const InputChange* right) {
  verdict.judgement = Judgement::differ;
  Divergence& d = verdict.divergence;
  d = {};
  d.kind = Kind::mutation;
  d.call = static_cast<int>(trial.test_case().calls.size()) - 1;
  d.op = trial.last_operator().name;
  d.place = {Part::input, (left ? left : right)->input};
  d.left = side_showing(left ? Change::values : Change::none);
  d.right = side_showing(right ? Change::values : Change::none);
  if (left) d.left.whole = {result_of(left->after)};
  if (right) d.right.whole = {result_of(right->after)};
  return verdict;
}

// A written ZeroTensor: the call must raise, or leave it zero where real zeros stay zero, too.
Verdict judge_immutable(Trial& trial, Relation relation, const Outcome& left, const Outcome& right) {
  Verdict verdict;
  verdict.left = relation.left;
  verdict.right = relation.right;
  verdict.reach = static_cast<uint8_t>(right.reach);
  if (right.last().status == Status::raised) {
    verdict.judgement = left.returned() ? Judgement::agree : Judgement::both_raised;
    return verdict;
  }
  const InputChange* written = nullptr;
  if (right.returned() && writes_dressed(trial.test_case(), relation.right, right, written) &&
      written->after.has_values && !all_zero(written->after.values))
    return differs_in_mutation(trial, verdict, nullptr, written);
  if (right.returned() && left.returned() &&
      writes_dressed(trial.test_case(), relation.left, left, written) && !all_zero(written->after.values))
    return differs_in_mutation(trial, verdict, written, nullptr);
  relation.rules.changes = false;  // in values nothing changed; geometry shows in the results
  return judge(trial, relation, left, right);
}

// The last call writes what an earlier one returned, and that is a ZeroTensor on this side.
bool writes_zero_result(const std::vector<TensorUse>& uses, const Outcome& side) {
  const auto last = static_cast<int32_t>(side.calls.size()) - 1;
  return std::any_of(uses.begin(), uses.end(), [&](const TensorUse& use) {
    if (use.call != last || !use.written || use.tensor.is_input()) return false;
    const TensorSnapshot* tensor =
        tensor_result(side.calls[static_cast<size_t>(use.tensor.call)], use.tensor.index);
    return tensor && tensor->zero;
  });
}

}  // namespace

Verdict check_zero(Trial& trial) {
  if (trial.test_case().inputs.empty()) return refused("no tensor argument");
  if (const std::string_view why = about_the_dressing().reason(trial.operators()); !why.empty())
    return refused(why);
  if (const Verdict early = before_relation(trial); early.judgement != Judgement::agree) return early;
  const std::vector<TensorUse>& uses = trial.uses();
  const std::vector<bool> used = used_storages(trial.test_case(), uses);
  const std::vector<bool> written = written_storages(trial.test_case(), uses, trial.direct());
  const std::vector<int32_t> storages = candidates(trial, used, written);
  if (storages.empty()) return refused("no call takes a tensor of this case");

  Relation relation;
  relation.right = chosen_dressing(trial, LayerKind::zero, storages);
  relation.left = real_zeros(relation.right);
  relation.rules.values = random_operator(trial.operators()) == nullptr;
  // Where the subject says which zeros they are, both sides end in the same kernel on the same bits.
  relation.exact = relation.rules.zeros_are_positive = trial.subject().zeros_are_positive();
  for (const corpora::Path* path : {&relation.left, &relation.right})
    if (const std::string why = trial.subject().refuses(trial.test_case(), *path); !why.empty())
      return refused(why);
  const Outcome left = trial.run(relation.left);
  const Outcome right = trial.run(relation.right);
  for (const corpora::Layer& layer : relation.right)
    if (layer.kind == LayerKind::zero && written[static_cast<size_t>(layer.storage)])
      return judge_immutable(trial, std::move(relation), left, right);
  Verdict verdict = judge(trial, relation, left, right);
  if (verdict.judgement == Judgement::differ && verdict.divergence.kind == Kind::error &&
      writes_zero_result(uses, right))
    return incomparable(std::move(verdict), "an earlier call returned a ZeroTensor, which is immutable");
  return verdict;
}

}  // namespace oracles
