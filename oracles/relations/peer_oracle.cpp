// peer: the engine and PyTorch on the operators that both have. Every other oracle asks whether the engine
// agrees with itself, or with what we wrote down; this one asks whether we believe the right thing.
// Where a call writes memory that another of its operands shows, a difference says nothing (overlap.h).
#include "oracles/checks.h"
#include "oracles/relations/relation.h"
#include "oracles/trial/overlap.h"
#include "oracles/trial/verdicts.h"

namespace oracles {

namespace {

// What is the peer's own affair says nothing of the engine.
Verdict of_the_engine_only(Trial& trial, Verdict verdict) {
  if (verdict.judgement == Judgement::memory)
    return incomparable(std::move(verdict), "PyTorch needs more memory than a case may have");
  if (verdict.judgement == Judgement::differ && verdict.divergence.uninitialised)
    return incomparable(std::move(verdict), "PyTorch reads uninitialised memory");
  if (verdict.judgement == Judgement::differ &&
      writes_shared_memory(trial, verdict.divergence.call, SameView::counts))
    return incomparable(std::move(verdict), "the call writes memory that its operands share");
  return verdict;
}

}  // namespace

Verdict check_peer(Trial& trial) {
  const corpora::Path peer{{corpora::LayerKind::peer}};
  if (const std::string why = trial.subject().refuses(trial.test_case(), peer); !why.empty())
    return refused(why);
  if (const Verdict early = before_relation(trial); early.judgement != Judgement::agree) return early;
  Relation relation;
  relation.right = peer;
  relation.rules.bits = relation.rules.version = true;
  relation.rules.refused_changes = false;  // what libtorch leaves behind is judged where it is the subject
  relation.rules.device = trial.subject().device() == "cpu";  // PyTorch's
  relation.undeclared_aliases = true;
  relation.accepts_layout_errors =
      false;  // what layouts an operator takes is part of what both must agree about
  return of_the_engine_only(trial, judge(trial, relation));
}

}  // namespace oracles
