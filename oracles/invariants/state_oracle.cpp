// state: the direct run leaves the thread's dispatch state as it was, also if it raises.
#include "oracles/oracle_checks.h"
#include "oracles/trial/verdicts.h"

namespace oracles {

Verdict check_state(Trial& trial) {
  const Outcome& direct = trial.direct();
  if (direct.state.before != direct.state.after)
    return differs(
        trial, direct.calls.size() - 1,
        divergence_of(Kind::state, {Part::thread}, Word{direct.state.before}, Word{direct.state.after}));
  if (auto verdict = early_verdict(trial)) return *verdict;
  Verdict verdict;
  verdict.judgement = direct.returned() ? Judgement::agree : Judgement::both_raised;
  return verdict;
}

}  // namespace oracles
