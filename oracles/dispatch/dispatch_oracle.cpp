// dispatch: a program of registrations, guards and calls, on the subject's dispatcher and on the rules over
// plain sets (oracles/reference/kernels/). Every step must tell the same.
#include "oracles/checks.h"
#include "oracles/dispatch/conformance.h"
#include "oracles/relations/relation.h"
#include "oracles/trial/verdicts.h"

namespace oracles {

namespace {

Divergence divergence_of(const Parting& parting) {
  Divergence d;
  d.kind = parting.kind;
  d.op = corpora::program_operator;
  d.place = parting.place;
  d.left = parting.left;
  d.right = parting.right;
  return d;
}

}  // namespace

Verdict check_dispatch(Trial& trial) {
  const corpora::Program& program = trial.test_case().program;
  DispatchMachine* const machine = trial.subject().dispatch_machine();
  if (program.empty() || !machine) return refused("it judges dispatch programs only");
  if (const std::string why = machine->refuses(program); !why.empty()) return refused(why);
  const Conformed conformed = conform(program, machine->judge(), *machine);
  Verdict verdict;
  if (conformed.compared_steps == 0)
    return refused("every step would run a fallback that is not the program's");
  if (!conformed.parting) return verdict;
  verdict.judgement = Judgement::differ;
  verdict.divergence = divergence_of(*conformed.parting);
  return verdict;
}

}  // namespace oracles
