// Relation: two runs of one case that must agree, and the judgement that relation oracles share.
// A difference found bit for bit is not yet a divergence: it is settled first, by asking whether a side reads
// uninitialised memory, and whether the operator's tolerance allows it.
#pragma once

#include <functional>
#include <string>

#include "oracles/comparator.h"
#include "oracles/divergence.h"
#include "oracles/trial.h"

namespace oracles {

struct Relation {
  corpora::Path left, right;
  Comparison rules;
  bool undeclared_aliases = false;  // also compare aliasing that no schema promises
  bool fixed_layouts = true;  // both sides see the same layouts: one that only the left side refuses counts
  bool exact = false;         // no tolerance: both sides do the same arithmetic in the same order
  std::string note;           // what was expected, in one sentence
};

// Runs `right` (and `left`, unless it is the direct path) and judges. Says refused where the subject refuses
// a path.
Verdict judge(Trial& trial, const Relation& relation);
// True when an error's text states what layouts an operator takes: a requirement, not a mistake.
bool states_a_layout(std::string_view message);

// The same of outcomes at hand.
Verdict judge(Trial& trial, const Relation& relation, const Outcome& left, const Outcome& right);

// How to see both sides again with another memory pattern.
struct SidesAgain {
  std::function<Outcome()> left, right;
};

// What two outcomes disagree about: `found` is what comparing them under `rules` gave. Their first call is
// the case's call `first_call`.
struct Disagreement {
  const Outcome& left;
  const Outcome& right;
  const Comparison& rules;
  const Compared& found;
  int first_call = 0;
  bool exact = false;
};

// Settles it: `verdict` goes out as differ, agree or incomparable.
void settle(Trial& trial, const Disagreement& disagreement, const SidesAgain& again, Verdict& verdict);

// The verdicts that hold before an oracle runs its own paths: an operator of which no run tells anything, and
// what the direct run already shows. Judgement::agree when the oracle should go on.
Verdict before_relation(Trial& trial);

Verdict refused(std::string_view why);
Verdict gap(std::string_view what);
Verdict incomparable(Verdict verdict, std::string_view why);

// The tolerance of a call's operator for results of a dtype; depth and magnitude come from the case's
// operands and from what the call returned.
Tolerance tolerance_of_call(Trial& trial, int call, engine::DType dtype, const CallOutcome& outcome);

}  // namespace oracles
