#include "oracles/trial/settle.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "oracles/compare/element.h"
#include "oracles/compare/value_comparison.h"
#include "oracles/trial/call_tolerance.h"
#include "oracles/trial/conditioning.h"
#include "oracles/trial/ties.h"
#include "oracles/trial/verdicts.h"

namespace oracles {

namespace {

// Whether two runs of one side differ, not later than in the call where the two sides differ.
bool changes_with_pattern(const Outcome& once, const Outcome& again, const Compared& found,
                          Comparison rules) {
  rules.tolerance = {};
  rules.before = nullptr;
  const Compared compared = compare(once, again, rules);
  return compared.divergence && compared.call <= found.call;
}

void settle_by_tolerance(Trial& trial, const Disagreement& disagreement, Verdict& verdict) {
  const CallOutcome& call = disagreement.left.calls[static_cast<size_t>(disagreement.found.call)];
  const engine::DType dtype = disagreement.found.dtype;
  Comparison bounded = disagreement.rules;
  bounded.tolerance = tolerance_of_call(trial, disagreement.found.call + disagreement.first_call, dtype, call,
                                        verdict.left, verdict.right);
  const Tolerance& tolerance = bounded.tolerance;
  if (tolerance.tier <= Tier::t0) {
    verdict.divergence.bound_reason = tolerance.reason;
    return;
  }
  bounded.values = tolerance.tier != Tier::t4;
  Compared compared = compare(disagreement.left, disagreement.right, bounded);
  const bool differs = compared.judgement == Judgement::differ;
  if (!differs && tolerance.tier == Tier::t4) {
    verdict = incomparable(std::move(verdict), "values cannot be compared: " + tolerance.reason);
  } else if (tolerance.tier == Tier::t3 && std::isinf(tolerance.accumulated)) {
    verdict = incomparable(std::move(verdict),
                           "the sum has too many terms for its dtype: there is no finite bound");
  } else if (differs && compared.divergence->kind == Kind::nan_pattern &&
             tolerance.partial_sums > largest_of(dtype)) {
    verdict = incomparable(std::move(verdict),
                           "whether an intermediate result overflows depends on the order of operations");
  } else {
    conclude(trial, std::move(compared), verdict, disagreement.first_call);
  }
}

// Whether the verdict compares values that an author's operator computes in two ways.
bool may_be_rounding(const Trial& trial, const Disagreement& disagreement, const Verdict& verdict) {
  const Divergence& d = verdict.divergence;
  return !disagreement.exact && !d.uninitialised && disagreement.first_call == 0 && is_about_values(d.kind) &&
         trial.operators()[static_cast<size_t>(d.call)]->by_author;
}

}  // namespace

bool is_about_values(Kind kind) {
  return kind == Kind::value || kind == Kind::nan_pattern || kind == Kind::mutation;
}

void take_judgement(Compared& compared, Verdict& verdict) {
  verdict.judgement = compared.judgement;
  verdict.why = std::move(compared.why);
  verdict.worst_share = compared.worst_share;
}

void conclude(Trial& trial, Compared compared, Verdict& verdict, int first_call) {
  take_judgement(compared, verdict);
  if (!compared.divergence) {
    verdict.divergence = {};
    return;
  }
  verdict.divergence = std::move(*compared.divergence);
  verdict.divergence.call = compared.call + first_call;
  verdict.divergence.op = trial.test_case().calls[static_cast<size_t>(verdict.divergence.call)].op;
}

void settle(Trial& trial, const Disagreement& disagreement, const SidesAgain& again, Verdict& verdict) {
  const Compared& found = disagreement.found;
  const auto call = static_cast<size_t>(found.call + disagreement.first_call);
  if (orders_ties_differently(*trial.operators()[call], trial.test_case().calls[call], found)) {
    verdict = incomparable(std::move(verdict), "the order of equal elements is not specified");
    return;
  }
  if (changes_with_pattern(disagreement.left, again.left(), found, disagreement.rules)) {
    verdict = incomparable(std::move(verdict),
                           "the left side reads uninitialised memory; the oracle determinism reports that");
    return;
  }
  const bool uninitialised =
      changes_with_pattern(disagreement.right, again.right(), found, disagreement.rules);
  conclude(trial, found, verdict, disagreement.first_call);
  verdict.divergence.uninitialised = uninitialised;
  if (!disagreement.exact && !uninitialised && is_about_values(found.divergence->kind))
    settle_by_tolerance(trial, disagreement, verdict);
  if (verdict.judgement == Judgement::differ && may_be_rounding(trial, disagreement, verdict) &&
      rounding_explains(trial, disagreement, verdict))
    verdict = incomparable(std::move(verdict), "rounding of the inputs changes the result as much");
}

}  // namespace oracles
