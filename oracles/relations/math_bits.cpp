#include "oracles/relations/math_bits.h"

#include <algorithm>
#include <cmath>

#include "oracles/compare/element.h"
#include "oracles/relations/relation.h"
#include "oracles/trial/dressing.h"
#include "oracles/trial/verdicts.h"

namespace oracles {

namespace {

const Exclusions& about_a_bit() {
  static const Exclusions list{
      {"aten::is_conj", "asks about the bit"},
      {"aten::is_neg", "asks about the bit"},
      {"aten::_is_zerotensor", "asks about the dressing"},
      {"aten::resolve_*", "is about the bit: copies where it is set"},
      {"aten::view.dtype", "refuses the bit, as documented"},
      {"aten::set_*", "replaces memory and keeps the bit"},
      {"aten::set.*", "replaces memory and keeps the bit"},
      {"aten::resize*", "new elements are uninitialised by contract"},
      {"aten::_resize_output*", "new elements are uninitialised by contract"},
      {"aten::is_set_to*", "asks about memory"},
      {"aten::_new_zeros_with_same_feature_meta*", "asks about memory"},
      {"aten::data", "shows memory"},
      {"aten::empty*", "returns uninitialised memory by contract"},
      {"aten::new_empty*", "returns uninitialised memory by contract"},
  };
  return list;
}

// What the fallback refuses by design, or what has no defined order of reads and writes. Empty: go on.
std::string_view not_for_the_fallback(const corpora::Case& c, const std::vector<TensorUse>& uses,
                                      const std::vector<bool>& written, const corpora::Path& path) {
  for (const TensorUse& use : uses) {
    if (use.storage < 0 || !transforms(path, use.storage) || !written[static_cast<size_t>(use.storage)])
      continue;
    if (use.written && use.in_list) return "the fallback refuses written lists with the bit, by design";
    if (use.tensor.is_input() && engine::may_overlap(c.inputs[static_cast<size_t>(use.tensor.index)].sizes,
                                                     c.inputs[static_cast<size_t>(use.tensor.index)].strides))
      return "a written storage is seen through an overlapping view";
    for (const TensorUse& other : uses) {
      if (other.call != use.call || !use.written ||
          (other.argument == use.argument && other.tensor == use.tensor))
        continue;
      if (other.written && other.storage >= 0 && transforms(path, other.storage))
        return "the fallback refuses two written tensors with the bit, by design";
      if (other.storage == use.storage && !(other.tensor == use.tensor))
        return "one call reads and writes overlapping views";
    }
  }
  return {};
}

// Negating and negating again may change bits that no value shows: of NaNs, and of zero parts of complex
// numbers.
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

// Memory that no view shows: the right side changed a storage that the left side leaves alone.
bool writes_elsewhere(const Trial& trial, const Outcome& left, const Outcome& right, Verdict& verdict) {
  for (size_t i = 0; i < std::min(left.calls.size(), right.calls.size()); ++i) {
    const auto& expected = left.calls[i].changed_storages;
    for (int32_t storage : right.calls[i].changed_storages) {
      if (std::find(expected.begin(), expected.end(), storage) != expected.end() ||
          may_change_bits(trial, storage))
        continue;
      verdict.judgement = Judgement::differ;
      Divergence& d = verdict.divergence;
      d.kind = Kind::mutation;
      d.call = static_cast<int>(i);
      d.op = trial.test_case().calls[i].op;
      d.place = {Part::storage, storage};
      d.left = side_showing(Change::none);
      d.right = side_showing(Change::values);
      return true;
    }
  }
  return false;
}

}  // namespace

Verdict check_math_bit(Trial& trial, corpora::LayerKind bit, const Exclusions& own) {
  const auto takes = row_of(bit).accepts;
  const corpora::Case& c = trial.test_case();
  const bool any = std::any_of(c.storages.begin(), c.storages.end(),
                               [&](const corpora::Storage& storage) { return takes(storage.dtype); });
  if (!any || c.inputs.empty()) return refused("no storage can carry the bit");
  for (const Exclusions* list : {&about_a_bit(), &own})
    if (const std::string_view why = list->reason(trial.operators()); !why.empty()) return refused(why);
  if (const Verdict early = before_relation(trial); early.judgement != Judgement::agree) return early;
  const std::vector<TensorUse>& uses = trial.uses();
  const std::vector<bool> used = used_storages(c, uses);
  const std::vector<bool> written = written_storages(c, uses, trial.direct());
  std::vector<int32_t> candidates;
  for (size_t s = 0; s < used.size(); ++s)
    if (used[s] && takes(c.storages[s].dtype)) candidates.push_back(static_cast<int32_t>(s));
  if (candidates.empty()) return refused("no call takes a tensor that can carry the bit");

  Relation relation;
  relation.right = chosen_dressing(trial, bit, candidates);
  if (const std::string_view why = not_for_the_fallback(c, uses, written, relation.right); !why.empty())
    return refused(why);
  // The fallback computes with a copy, and a copy of a view with gaps is contiguous.
  const bool dense = std::all_of(c.inputs.begin(), c.inputs.end(), [&](const corpora::Input& input) {
    return !transforms(relation.right, input.storage) || is_dense(input);
  });
  const bool in_order = std::all_of(c.inputs.begin(), c.inputs.end(), [&](const corpora::Input& input) {
    return !transforms(relation.right, input.storage) || engine::is_contiguous(input.sizes, input.strides);
  });
  relation.rules.fresh_strides = dense;
  const bool writes_results = std::any_of(
      uses.begin(), uses.end(), [](const TensorUse& use) { return use.written && !use.tensor.is_input(); });
  relation.rules.strides = !writes_results;  // whether one was resized, nobody knows
  relation.rules.resized_strides = false;    // the fallback resizes the original after its copy
  // Negating a complex number multiplies it by -1, and an integer has no negative zero to become a float's:
  // the sign of a zero is not kept. Where it is, it alone would be a poor witness: a kernel that reads memory
  // for values shows it in other numbers, too, and those are what the smallest case is to show.
  relation.rules.signed_zero = bit != corpora::LayerKind::neg;
  relation.rules.version = true;
  // A generator's stream meets elements in the order of memory.
  relation.rules.values = in_order || random_operator(trial.operators()) == nullptr;
  if (const std::string why = trial.subject().refuses(c, relation.right); !why.empty()) return refused(why);
  const Outcome right = trial.run(relation.right);
  Verdict verdict = judge(trial, relation, trial.direct(), right);
  if (verdict.judgement == Judgement::agree && relation.rules.values)
    writes_elsewhere(trial, trial.direct(), right, verdict);
  return verdict;
}

}  // namespace oracles
