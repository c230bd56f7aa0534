// meta: the real run (left) and the Meta path (right): sizes, strides, offset, dtype, aliasing, number of
// outputs, error or not. What depends on values is no business of a path without values.
#include <algorithm>
#include <array>

#include "oracles/checks.h"
#include "oracles/relations/relation.h"
#include "oracles/trial/effects.h"
#include "oracles/trial/exclusions.h"
#include "oracles/trial/other_data.h"
#include "oracles/trial/verdicts.h"

namespace oracles {

namespace {

const Exclusions& about_data_or_device() {
  static const Exclusions list{
      {"aten::set_*", "replaces memory"},
      {"aten::set.*", "replaces memory"},
      {"aten::is_set_to*", "asks about memory"},
      {"aten::is_pinned", "asks about memory"},
      {"aten::_has_same_storage_numel*", "asks about memory"},
      {"aten::_local_scalar_dense*", "is about a value"},
      {"aten::item", "is about a value"},
      {"aten::is_nonzero", "is about a value"},
      {"aten::equal", "is about values"},
      {"aten::allclose", "is about values"},
      {"aten::*Int*", "converts a value"},
      {"aten::_nnpack_available", "asks about the machine"},
      {"aten::_use_cudnn*", "asks about the machine"},
      {"aten::is_vulkan_available", "asks about the machine"},
      {"aten::cuda*", "is about another device"},
      {"aten::cpu", "is about the device"},
      {"aten::to.*", "names a device"},
      {"aten::_to_cpu", "is about the device"},
      {"aten::_autocast_to_*", "is about the device"},
      {"aten::_sparse_*_tensor_unsafe*", "takes its device from its options, not from its tensors"},
      {"aten::_nested_*", "has no meta tensors"},
  };
  return list;
}

template <size_t n>
bool mentions(std::string_view text, const std::array<std::string_view, n>& words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

// The real kernel lacks a dtype or a build option: of this device, not of the operator.
bool lacks_a_kernel(std::string_view message) {
  constexpr std::array<std::string_view, 10> words{"not implemented for '",
                                                   "not implemented on the CPU",
                                                   "Unsupported datatype",
                                                   "not supported on CPU",
                                                   "compiled with",
                                                   "not compiled",
                                                   "requires CUDA",
                                                   "CUDA",
                                                   "MKL",
                                                   "LAPACK"};
  return mentions(message, words);
}

// Errors about values that none of our other fillings satisfies.
bool is_about_values(const CallOutcome& call) {
  constexpr std::array<std::string_view, 17> words{
      "must be between",   "out of range", "out of bounds", "singular",        "positive-definite",
      "positive definite", "converge",     "probabilit",    "ill-conditioned", "must be sorted",
      "all elements",      "values",       "in the range",  "zero element",    "division by zero",
      "ZeroDivision",      "overflow"};
  return call.error_class.find("LinAlg") != std::string::npos || mentions(call.message, words);
}

// Meta says that it cannot tell: by design, not by mistake.
bool cannot_tell(std::string_view message) {
  constexpr std::array<std::string_view, 20> words{"support CPU",
                                                   "supports CPU",
                                                   "DispatchStub",
                                                   "unsupported device",
                                                   "meta tensor",
                                                   "Meta tensor",
                                                   "CPU tensor",
                                                   "CPU int64 tensor",
                                                   "must match device",
                                                   "on the meta device",
                                                   "on meta",
                                                   "Meta backend",
                                                   "'Meta'",
                                                   "data-dependent",
                                                   "data pointer",
                                                   "no data",
                                                   "item",
                                                   "_local_scalar_dense",
                                                   "tensor storage",
                                                   "data is not allocated"};
  return mentions(message, words);
}

bool results_differ(const Outcome& a, const Outcome& b, size_t call) {
  if (a.calls.size() <= call || b.calls.size() <= call || b.calls[call].status != Status::returned)
    return false;
  const auto left = tensor_results(a.calls[call]);
  const auto right = tensor_results(b.calls[call]);
  if (left.size() != right.size()) return true;
  for (size_t i = 0; i < left.size(); ++i)
    if (left[i]->sizes != right[i]->sizes || left[i]->strides != right[i]->strides ||
        left[i]->dtype != right[i]->dtype || left[i]->storage != right[i]->storage ||
        left[i]->defined != right[i]->defined)
      return true;
  return false;
}

// The real run raises, the meta path does not.
Verdict meta_accepts(Trial& trial, Verdict verdict) {
  const CallOutcome& real = trial.direct().last();
  const auto failed = trial.direct().calls.size() - 1;
  if (lacks_a_kernel(real.message))
    return incomparable(std::move(verdict), "this device's kernel lacks the dtype");
  if (is_about_values(real)) return incomparable(std::move(verdict), "the error is about values");
  const bool by_data = data_can_change(trial, verdict.right, [&](const Outcome& other) {
    return other.calls.size() > failed + 1 || (other.calls.size() == failed + 1 && other.returned());
  });
  if (by_data) return incomparable(std::move(verdict), "the error depends on values");
  return verdict;
}

// The meta path raises, the real run does not: unless it would on other values.
Verdict meta_refuses(Trial& trial, Verdict verdict, const CallOutcome& meta) {
  if (cannot_tell(meta.message)) {
    verdict.judgement = Judgement::gap;
    verdict.why = meta.message;
    verdict.divergence = {};
    return verdict;
  }
  const auto call = static_cast<size_t>(verdict.divergence.call);
  const bool by_data = data_can_change(trial, verdict.right, [&](const Outcome& other) {
    return other.calls.size() == call + 1 && other.last().status == Status::raised;
  });
  return by_data ? incomparable(std::move(verdict), "whether the real run raises depends on values")
                 : verdict;
}

Verdict settle_error(Trial& trial, Verdict verdict, const Outcome& meta) {
  const auto call = static_cast<size_t>(verdict.divergence.call);
  if (meta.calls[call].status == Status::returned) return meta_accepts(trial, std::move(verdict));
  return meta_refuses(trial, std::move(verdict), meta.calls[call]);
}

}  // namespace

Verdict check_meta(Trial& trial) {
  const corpora::Path meta{{corpora::LayerKind::meta}};
  if (const std::string_view why = about_data_or_device().reason(trial.operators()); !why.empty())
    return refused(why);
  if (const std::string why = trial.subject().refuses(trial.test_case(), meta); !why.empty())
    return refused(why);
  if (const Verdict early = before_relation(trial); early.judgement != Judgement::agree) return early;
  if (const std::string what = trial.subject().known_gap(trial.test_case(), meta); !what.empty())
    return gap(what);
  Relation relation;
  relation.right = meta;
  relation.rules.values = relation.rules.device = false;
  relation.rules.bits = true;
  relation.fixed_layouts = !trial.subject().meta_knows_layouts();
  const Outcome right = trial.run(meta);
  Verdict verdict = judge(trial, relation, trial.direct(), right);
  if (verdict.judgement != Judgement::differ) return verdict;
  if (verdict.divergence.kind == Kind::error) return settle_error(trial, std::move(verdict), right);
  const auto call = static_cast<size_t>(verdict.divergence.call);
  if (data_can_change(trial, meta,
                      [&](const Outcome& other) { return results_differ(trial.direct(), other, call); }))
    return incomparable(std::move(verdict), "what the real run returns depends on values");
  return verdict;
}

}  // namespace oracles
