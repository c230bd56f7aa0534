// state: rides on the direct run. Whatever the call did, the thread's dispatch state is what it was before.
#include "oracles/checks.h"
#include "oracles/compare/comparator.h"
#include "oracles/trial/verdicts.h"

namespace oracles {

Verdict check_state(Trial& trial) {
  const Outcome& direct = trial.direct();
  Verdict verdict;
  if (direct.state.before == direct.state.after) {
    if (const Verdict early = before_relation(trial); early.judgement != Judgement::agree) return early;
    verdict.judgement = direct.returned() ? Judgement::agree : Judgement::both_raised;
    return verdict;
  }
  verdict.judgement = Judgement::differ;
  Divergence& d = verdict.divergence;
  d.kind = Kind::state;
  d.call = static_cast<int>(direct.calls.size()) - 1;
  d.op = trial.test_case().calls[static_cast<size_t>(d.call)].op;
  d.place = {Part::thread};
  d.left = side_showing(Word{direct.state.before});
  d.right = side_showing(Word{direct.state.after});
  return verdict;
}

}  // namespace oracles
