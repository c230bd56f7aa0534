// peer: the engine (left) and PyTorch (right), on the operators that both have. Other oracles check that the
// engine is consistent with itself or with our own rules; this one checks the rules.
#include "oracles/oracle_checks.h"
#include "oracles/relations/relation.h"
#include "oracles/trial/overlap.h"
#include "oracles/trial/verdicts.h"

namespace oracles {

namespace {

// Errors of PyTorch alone are not findings of the engine.
Verdict of_the_engine_only(Trial& trial, Verdict verdict) {
  if (verdict.judgement == Judgement::memory)
    return incomparable(std::move(verdict), "PyTorch requests more memory than a case may use");
  if (verdict.judgement == Judgement::differ && verdict.divergence.uninitialised)
    return incomparable(std::move(verdict), "PyTorch reads uninitialised memory");
  if (verdict.judgement == Judgement::differ &&
      writes_shared_memory(trial, verdict.divergence.call, SameView::counts))
    return incomparable(std::move(verdict), "the call writes memory that another operand views");
  return verdict;
}

}  // namespace

Verdict check_peer(Trial& trial) {
  const corpora::Path peer{{corpora::LayerKind::peer}};
  if (auto verdict = early_verdict(trial, peer)) return *verdict;
  Relation relation = full_relation({}, peer);
  relation.rules.raising_changes = false;                     // a torch subject is judged for these
  relation.rules.device = trial.subject().device() == "cpu";  // PyTorch runs on the CPU
  relation.accepts_layout_errors = false;                     // both must accept the same layouts
  return of_the_engine_only(trial, judge(trial, relation));
}

}  // namespace oracles
