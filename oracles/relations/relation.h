// Relation: two paths of one case that must agree, and the judgement that relation oracles share. A
// difference that is found bit for bit is settled first (settle.h).
#pragma once

#include "oracles/compare/comparator.h"
#include "oracles/trial/trial.h"

namespace oracles {

struct Relation {
  corpora::Path left, right;
  Comparison rules;
  bool undeclared_aliases = false;    // also compare aliasing that the schema does not declare
  bool accepts_layout_errors = true;  // accept an error of the left side that contiguous inputs do not raise
  bool exact = false;  // no tolerance: both sides compute the same operations in the same order
  const corpora::Case* right_program = nullptr;  // of the right side, if it is not the case itself
};

// Both sides agree in everything, also in lazy bits, version counters and undeclared aliasing.
Relation full_relation(corpora::Path left, corpora::Path right);

// Refused if the subject cannot run the case along one of the paths; otherwise empty.
std::optional<Verdict> refused_path(const Trial& trial, const Relation& relation);

// Runs both sides, unless a side is the direct run, and judges them.
Verdict judge(Trial& trial, const Relation& relation);

// Judges the outcomes of the two sides.
Verdict judge(Trial& trial, const Relation& relation, const Outcome& left, const Outcome& right);

}  // namespace oracles
