#include "oracles/subjects/engine/engine_graph_run.h"

#include "oracles/subjects/engine/engine_arguments.h"
#include "oracles/subjects/engine/engine_run.h"

namespace oracles {

using engine::fuser::FusedProgram;
using engine::fuser::FuserCounts;

namespace {

uint64_t fallbacks_of(const FuserCounts& counts) {
  uint64_t sum = 0;
  for (const uint64_t each : counts.fallbacks) sum += each;
  return sum;
}

}  // namespace

void EngineGraphRun::call_by_call(Outcome& outcome) {
  std::vector<engine::Stack> stacks;
  for (size_t i = 0; i < case_.calls.size(); ++i) {
    CallOutcome& made = outcome.calls.emplace_back();
    const corpora::Call& call = case_.calls[i];
    const engine::Operator op = subject_.bound(i, call.op)->handle;
    engine::Stack stack;
    attempt(made, [&] {
      push_arguments(call, op.schema(), stack,
                     [this](const corpora::Value& value, const engine::Type& type, size_t) {
                       return fitted_argument(value, type, fitting_);
                     });
      op.call_boxed(stack);
    });
    if (made.status != Status::returned) break;
    keep(stack);
    stacks.push_back(std::move(stack));
  }
  observe(std::span<CallOutcome>(outcome.calls), std::span<const engine::Stack>(stacks), subject_.memory_);
}

void EngineGraphRun::run_graph(size_t calls, FusedProgram::Execution execution,
                               std::vector<engine::Stack>& returned, Outcome& outcome) {
  EngineGraph made = graph_of(case_, calls, inputs_.device, [this](size_t call) {
    return subject_.bound(call, case_.calls[call].op)->handle;
  });
  engine::Stack stack;
  for (const EngineInputs::Input& input : inputs_.inputs) stack.push_back(input.passed);
  for (const engine::Value& other : made.others) stack.push_back(other);
  engine::fuser::Fuser& fuser = subject_.fuser();
  FusedProgram program(fuser, std::move(made.graph));
  const FuserCounts before = fuser.counts();
  program.run(stack, execution);
  const FuserCounts after = fuser.counts();
  if (after.fused > before.fused)
    outcome.reach = Reach::own;
  else if (fallbacks_of(after) > fallbacks_of(before) ||
           (execution == FusedProgram::Execution::fallback && program.group_count() > 0))
    outcome.reach = Reach::fallback;
  size_t next = 0;
  for (const size_t count : made.returned) {
    engine::Stack& of_call = returned.emplace_back();
    for (size_t i = 0; i < count; ++i) of_call.push_back(std::move(stack[next++]));
  }
}

bool EngineGraphRun::as_graph(size_t calls, FusedProgram::Execution execution, Outcome& outcome) {
  CallOutcome made;
  std::vector<engine::Stack> returned;
  attempt(made, [&] { run_graph(calls, execution, returned, outcome); });
  if (made.status != Status::returned) {
    outcome.calls.push_back(std::move(made));
    return false;
  }
  outcome.calls.resize(returned.size());
  outcome.calls.back() = std::move(made);
  observe(std::span<CallOutcome>(outcome.calls), std::span<const engine::Stack>(returned), subject_.memory_);
  return true;
}

}  // namespace oracles
