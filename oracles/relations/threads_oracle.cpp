// threads: the program on inputs that are larger than what one thread computes alone, with one thread (left)
// and with four (right), agrees within the operator's accuracy. The case's own inputs are small: the program
// that runs is enlarged() from it.
#include "corpora/case/text.h"
#include "oracles/oracle_checks.h"
#include "oracles/relations/enlarged.h"
#include "oracles/relations/relation.h"
#include "oracles/trial/effects.h"
#include "oracles/trial/exclusions.h"
#include "oracles/trial/verdicts.h"

namespace oracles {

namespace {

using corpora::LayerKind;

const Exclusions& has_no_values() {
  static const Exclusions list = Exclusions::beside_uninitialised({});
  return list;
}

// The same program with integers that occur once, if it has integers. If they are indices, the order of
// writes decides what remains of equal ones.
std::optional<corpora::Case> with_distinct_integers(corpora::Case c) {
  bool has_integers = false;
  for (corpora::Storage& storage : c.storages)
    if (engine::is_integral(storage.dtype) && storage.dtype != engine::DType::b8) {
      storage.rule = corpora::FillRule::iota;
      storage.bytes.clear();
      has_integers = true;
    }
  return has_integers ? std::optional(std::move(c)) : std::nullopt;
}

Verdict judged(Trial& trial, const corpora::Case& large, const Relation& relation) {
  Trial larger(trial.subject(), large);
  larger.before_run = trial.before_run;
  const Outcome left = larger.run(relation.left);
  if (!left.returned()) return refused("the call does not accept larger inputs");
  return judge(larger, relation, left, larger.run(relation.right));
}

}  // namespace

Verdict check_threads(Trial& trial) {
  constexpr int32_t several = 4;
  constexpr uint64_t stream = 3000;
  const corpora::Path alone{{LayerKind::threads, 1}}, parallel{{LayerKind::threads, several}};
  if (const std::string_view why = has_no_values().reason(trial.operators()); !why.empty())
    return refused(why);
  if (auto verdict = early_verdict(trial, parallel)) return *verdict;
  if (!trial.direct().returned()) return refused("the call raises");
  if (is_random(trial)) return refused("the operator draws random numbers");
  corpora::PhiloxChoices choices = trial.choices(stream);
  const std::optional<corpora::Case> large = enlarged(trial.test_case(), choices);
  if (!large) return refused("no input can become large enough");
  const Relation relation = full_relation(alone, parallel);
  Verdict verdict = judged(trial, *large, relation);
  if (!verdict.is_detection()) return verdict;
  if (const auto distinct = with_distinct_integers(*large);
      distinct && !judged(trial, *distinct, relation).is_detection())
    return incomparable(std::move(verdict), "integers that occur twice may be indices");
  verdict.right_case = corpora::to_text(*large);
  return verdict;
}

}  // namespace oracles
