// Settle: decides whether a difference that was found bit for bit is a divergence. It runs each side again
// with another memory pattern, to find reads of uninitialised memory, and compares within the operator's
// tolerance.
#pragma once

#include <functional>

#include "oracles/compare/comparator.h"
#include "oracles/compare/divergence.h"
#include "oracles/trial/trial.h"

namespace oracles {

// Run the two sides again with another memory pattern.
struct SidesAgain {
  std::function<Outcome()> left, right;
};

// Two outcomes, and `found`, the result of comparing them under `rules`. Their first call is the case's call
// `first_call`.
struct Disagreement {
  const Outcome& left;
  const Outcome& right;
  const Comparison& rules;
  const Compared& found;
  int first_call = 0;
  bool exact = false;  // no tolerance
};

// Sets the verdict to differ, agree or incomparable.
void settle(Trial& trial, const Disagreement& disagreement, const SidesAgain& again, Verdict& verdict);

// Whether a difference of this kind is about the values of elements.
bool is_about_values(Kind kind);
// Copies a comparison's judgement into the verdict.
void take_judgement(Compared& compared, Verdict& verdict);
// Copies a comparison into the verdict. Its first call is the case's call `first_call`.
void conclude(Trial& trial, Compared compared, Verdict& verdict, int first_call = 0);

}  // namespace oracles
