// history: the program in a fresh process (left) and in another fresh process after other calls of the same
// operators, with other dtypes, sizes, numbers and values (right). The last call must be the same, bit for
// bit: an operator that keeps something from an earlier call must recognise when it does not fit.
#include <algorithm>

#include "corpora/case/joined.h"
#include "corpora/case/text.h"
#include "oracles/compare/comparator.h"
#include "oracles/oracle_checks.h"
#include "oracles/relations/forms.h"
#include "oracles/relations/other_calls.h"
#include "oracles/trial/effects.h"
#include "oracles/trial/exclusions.h"
#include "oracles/trial/fresh_runs.h"
#include "oracles/trial/verdicts.h"

namespace oracles {

namespace {

using corpora::LayerKind;

const Exclusions& depends_on_earlier_calls() {
  static const Exclusions list = Exclusions::beside_uninitialised({
      {"aten::set*", "replaces memory"},
  });
  return list;
}

corpora::Case without_header(corpora::Case c) {
  c.header = {};
  return c;
}

// The programs that returned, as one.
corpora::Case joined_of(const std::vector<corpora::Case>& programs, const std::vector<bool>& returned) {
  std::vector<corpora::Case> accepted;
  for (size_t i = 0; i < programs.size(); ++i)
    if (returned.at(i)) accepted.push_back(programs[i]);
  return corpora::joined(accepted);
}

// Storages and inputs have other numbers after other calls.
Comparison of_last_calls() {
  Comparison rules;
  rules.alias = rules.identity = false;
  rules.bits = true;
  return rules;
}

Outcome of_one(CallOutcome call) {
  Outcome outcome;
  outcome.calls.push_back(std::move(call));
  return outcome;
}

// Runs the last program alone and after the others.
Verdict judge_after(Trial& trial, const std::vector<corpora::Case>& programs) {
  Verdict verdict;
  verdict.right = {{LayerKind::form, rewriting::after}};
  const std::optional<FreshRun> alone = fresh_runs()({programs.back()});
  const std::optional<FreshRun> later = fresh_runs()(programs);
  if (!alone || !later)
    return incomparable(std::move(verdict), "a call does not return in a process of its own");
  const auto compared_with = [&](const FreshRun& run) {
    return compare(of_one(alone->last), of_one(run.last), of_last_calls());
  };
  const Compared compared = compared_with(*later);
  verdict.judgement = compared.judgement;
  if (!compared.divergence) return verdict;
  if (compare(trial.direct(), trial.direct_other_pattern(), {}).divergence)
    return incomparable(std::move(verdict), "the call reads uninitialised memory");
  const corpora::Case program = joined_of(programs, later->returned);
  const std::optional<FreshRun> again = fresh_runs()({program});
  if (!again || !compared_with(*again).divergence)
    return incomparable(std::move(verdict), "the call is different only after calls that raise");
  verdict = differs(trial, trial.test_case().calls.size() - 1, *compared.divergence, std::move(verdict));
  verdict.right_case = corpora::to_text(program);
  return verdict;
}

}  // namespace

Verdict check_history(Trial& trial) {
  if (!fresh_runs()) return refused("this process cannot request fresh processes");
  if (const std::string_view why = depends_on_earlier_calls().reason(trial.operators()); !why.empty())
    return refused(why);
  if (auto verdict = early_verdict(trial)) return *verdict;
  if (!trial.direct().returned()) return refused("the call raises");
  if (is_random(trial)) return refused("the operator draws random numbers");
  const corpora::Case itself = without_header(trial.test_case());
  std::vector<corpora::Case> programs = other_calls(itself);
  if (programs.empty()) return refused("the operator cannot be called differently");
  programs.push_back(itself);
  return judge_after(trial, programs);
}

}  // namespace oracles
