// dispatch: a program of registrations, guards and calls, on the subject's dispatcher and on the rules over
// plain sets (oracles/reference/kernels/). Every step must tell the same.
#include "oracles/checks.h"
#include "oracles/dispatch/conformance.h"
#include "oracles/relations/relation.h"
#include "oracles/trial/verdicts.h"

namespace oracles {

namespace {

Divergence divergence_of(const Parting& parting, const corpora::Program& program) {
  Divergence d;
  d.kind = parting.kind;
  d.op = corpora::program_operator;
  const bool at_end = parting.step >= program.size();
  d.where = parting.where;
  d.left = parting.left;
  d.right = parting.right;
  const std::string step = at_end ? "at the end" : corpora::to_text(program[parting.step]);
  d.left_all = "rules: " + parting.left;
  d.right_all = "dispatcher: " + parting.right + "; step " + std::to_string(parting.step) + ": " + step;
  d.note = "After each step the dispatcher must tell what the rules tell.";
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
  verdict.divergence = divergence_of(*conformed.parting, program);
  return verdict;
}

}  // namespace oracles
