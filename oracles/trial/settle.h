// Settle: decides whether a difference found bit for bit is a divergence. It asks whether a side reads
// uninitialised memory, by running it again on another memory pattern, and whether the operator's tolerance
// allows the difference.
#pragma once

#include <functional>

#include "oracles/compare/comparator.h"
#include "oracles/compare/divergence.h"
#include "oracles/trial/trial.h"

namespace oracles {

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

// Whether a difference of this kind is about the values of elements.
bool is_about_values(Kind kind);
// Copies a comparison's judgement into the verdict.
void take_judgement(Compared& compared, Verdict& verdict);
// Makes the comparison the verdict. The comparison's first call is the case's call `first_call`.
void conclude(Trial& trial, Compared compared, Verdict& verdict, int first_call = 0);

}  // namespace oracles
