#include "oracles/trial/verdicts.h"

#include "oracles/trial/exclusions.h"

namespace oracles {

namespace {

// What they return depends on memory that is neither theirs nor ours to fill: one run says nothing of
// another.
const Exclusions& unstable_operators() {
  static const Exclusions list{
      {"aten::*histogramdd*", "reads past its list of bins where there are fewer of them than dimensions"},
      {"aten::quantized_max_pool*", "reads past its list of paddings where there is one for all dimensions"},
  };
  return list;
}

// One call writes two tensors that share memory: what is there afterwards depends on the order of its writes.
bool writes_twice(const Trial& trial, const std::vector<TensorUse>& uses) {
  for (const TensorUse& one : uses)
    for (const TensorUse& other : uses) {
      if (&one >= &other || one.call != other.call || !one.written || !other.written) continue;
      const auto last = static_cast<int32_t>(trial.test_case().storages.size());
      if (one.storage == other.storage && one.storage >= 0 && one.storage < last &&
          !(one.in_list && other.in_list))
        return true;
    }
  return false;
}

}  // namespace

Verdict refused(std::string_view why) {
  Verdict verdict;
  verdict.judgement = Judgement::refused;
  verdict.why = why;
  return verdict;
}

Verdict gap(std::string_view what) {
  Verdict verdict;
  verdict.judgement = Judgement::gap;
  verdict.why = what;
  return verdict;
}

Verdict incomparable(Verdict verdict, std::string_view why) {
  verdict.why = why;
  verdict.judgement = Judgement::incomparable;
  verdict.divergence = {};
  return verdict;
}

// One object in all its ends, made where the caller wants it: nothing here is asked more often.
Verdict before_relation(Trial& trial) {
  Verdict verdict;
  verdict.why = unstable_operators().reason(trial.operators());
  if (!verdict.why.empty()) {
    verdict.judgement = Judgement::refused;
    return verdict;
  }
  const CallOutcome& last = trial.direct().last();
  if (writes_twice(trial, trial.uses())) {
    verdict.judgement = Judgement::refused;
    verdict.why = "one call writes two tensors that share memory";
    return verdict;
  }
  verdict.why = last.message;
  if (last.status == Status::over_memory) verdict.judgement = Judgement::over_budget;
  if (last.status == Status::not_implemented) verdict.judgement = Judgement::gap;
  return verdict;
}

}  // namespace oracles
