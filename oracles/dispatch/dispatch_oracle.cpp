// dispatch: runs a program of registrations, guards and calls on the subject's dispatcher and on the rules
// (rules/). Every step must show the same.
#include "oracles/dispatch/conformance.h"
#include "oracles/oracle_checks.h"
#include "oracles/relations/relation.h"
#include "oracles/trial/verdicts.h"

namespace oracles {

Verdict check_dispatch(Trial& trial) {
  const corpora::Program& program = trial.test_case().program;
  DispatchMachine* const machine = trial.subject().dispatch_machine();
  if (program.empty() || !machine) return refused("the oracle judges dispatch programs only");
  if (const std::string why = machine->refuses(program); !why.empty()) return refused(why);
  const Conformance conformance = conform(program, machine->judge(), *machine);
  if (conformance.compared_steps == 0)
    return refused("every step would run a fallback that is not the program's");
  Verdict verdict;
  if (!conformance.divergence) return verdict;
  verdict.judgement = Judgement::differ;
  verdict.divergence = *conformance.divergence;
  return verdict;
}

}  // namespace oracles
