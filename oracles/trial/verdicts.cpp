#include "oracles/trial/verdicts.h"

#include "corpora/case/far_sizes.h"
#include "oracles/trial/exclusions.h"

namespace oracles {

namespace {

// Their results depend on memory outside their arguments, so two runs cannot be compared.
const Exclusions& unstable_operators() {
  static const Exclusions list{
      {"aten::*histogramdd*", "reads past its list of bins if there are fewer bins than dimensions"},
      {"aten::quantized_max_pool*", "reads past its list of paddings if there is one for all dimensions"},
  };
  return list;
}

// One call writes two tensors that share memory: the result depends on the order of its writes.
bool writes_twice(const Trial& trial, const std::vector<TensorUse>& uses) {
  const auto storages = static_cast<int32_t>(trial.test_case().storages.size());
  for (const TensorUse& one : uses)
    for (const TensorUse& other : uses) {
      if (&one >= &other || one.call != other.call || !one.written || !other.written) continue;
      if (one.storage == other.storage && one.storage >= 0 && one.storage < storages &&
          !(one.in_list && other.in_list))
        return true;
    }
  return false;
}

Verdict with_reason(Judgement judgement, std::string_view why) {
  Verdict verdict;
  verdict.judgement = judgement;
  verdict.why = why;
  return verdict;
}

}  // namespace

Verdict refused(std::string_view why) { return with_reason(Judgement::refused, why); }

Verdict gap(std::string_view what) { return with_reason(Judgement::gap, what); }

Verdict over_budget(std::string_view why) { return with_reason(Judgement::over_budget, why); }

Verdict incomparable(Verdict verdict, std::string_view why) {
  verdict.why = why;
  verdict.judgement = Judgement::incomparable;
  verdict.divergence = {};
  return verdict;
}

Verdict differs(const Trial& trial, size_t call, Divergence divergence, Verdict verdict) {
  verdict.judgement = Judgement::differ;
  verdict.divergence = std::move(divergence);
  verdict.divergence.call = static_cast<int>(call);
  verdict.divergence.op = trial.operators()[call]->name;
  return verdict;
}

std::optional<Verdict> early_verdict(Trial& trial) {
  if (const std::string_view why = unstable_operators().reason(trial.operators()); !why.empty())
    return refused(why);
  const CallOutcome& last = trial.direct().last();
  if (writes_twice(trial, trial.uses())) return refused("one call writes two tensors that share memory");
  if (last.status == Status::over_memory) return over_budget(last.message);
  if (last.status == Status::not_implemented) return gap(last.message);
  return std::nullopt;
}

std::optional<Verdict> early_verdict(Trial& trial, const corpora::Path& path) {
  if (const std::string why = trial.refuses(path); !why.empty()) return refused(why);
  const bool copies = has_layer(path, corpora::LayerKind::contiguous) ||
                      has_layer(path, corpora::LayerKind::grad) || has_layer(path, corpora::LayerKind::peer);
  if (copies && corpora::has_far_size(trial.test_case()))
    return refused("an input is too large to be copied");
  return early_verdict(trial);
}

}  // namespace oracles
