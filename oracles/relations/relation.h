// Relation: two runs of one case that must agree, and the judgement that relation oracles share.
// A difference found bit for bit is not yet a divergence: it is settled first, by asking whether a side reads
// uninitialised memory, and whether the operator's tolerance allows it.
#pragma once

#include "oracles/compare/comparator.h"
#include "oracles/compare/divergence.h"
#include "oracles/trial/trial.h"

namespace oracles {

struct Relation {
  corpora::Path left, right;
  Comparison rules;
  bool undeclared_aliases = false;  // also compare aliasing that no schema promises
  // Accepts an error of the left side alone that it does not raise for contiguous inputs.
  bool accepts_layout_errors = true;
  bool exact = false;  // no tolerance: both sides do the same arithmetic in the same order
};

// Runs `right` (and `left`, unless it is the direct path) and judges. Says refused where the subject refuses
// a path.
Verdict judge(Trial& trial, const Relation& relation);

// The same of outcomes at hand.
Verdict judge(Trial& trial, const Relation& relation, const Outcome& left, const Outcome& right);

}  // namespace oracles
