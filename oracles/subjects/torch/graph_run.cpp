#include "oracles/subjects/torch/graph_run.h"

#include "oracles/subjects/torch/allocator.h"
#include "oracles/subjects/torch/arguments.h"
#include "oracles/subjects/torch/failure.h"

namespace oracles::aten {

void GraphRun::call_by_call(Outcome& outcome) {
  std::vector<torch::jit::Stack> stacks;
  std::optional<Tracer::Watch> watch;
  if (subject_.tracing_) watch.emplace(subject_.tracer_, c10::DispatchKeySet(), &outcome.trace);
  for (const corpora::Call& call : case_.calls) {
    CallOutcome& made = outcome.calls.emplace_back();
    const BoundOperator& op = *subject_.operators_.find(call.op);
    torch::jit::Stack stack;
    subject_.surroundings_.begin_call();
    try {
      push_arguments(call, op.declared->schema, stack,
                     [&](const corpora::Value& value, const engine::Type& type, size_t i) {
                       return fitted(value, type, op.handle.schema().arguments()[i].real_type(), fitting_);
                     });
      op.handle.callBoxed(&stack);
    } catch (...) {
      describe_failure(made, !op.declared->by_author);
    }
    subject_.surroundings_.end_call(made);
    if (made.status != Status::returned) break;
    keep(stack);
    if (!is_observable(call)) stack.clear();
    stacks.push_back(std::move(stack));
  }
  watch.reset();
  observe(std::span<CallOutcome>(outcome.calls), std::span<const torch::jit::Stack>(stacks), memory());
}

bool GraphRun::as_graph(ProgramGraph& graph, ProgramGraph::Execution execution, Outcome& outcome) {
  CallOutcome made;
  std::vector<torch::jit::Stack> stacks;
  subject_.surroundings_.begin_call();
  try {
    stacks = graph.run(inputs_, execution, outcome.reach);
  } catch (...) {
    describe_failure(made, !subject_.operators_.by_authors(case_));
  }
  subject_.surroundings_.end_call(made);
  if (made.status != Status::returned) {
    outcome.calls.push_back(std::move(made));
    return false;
  }
  outcome.calls.resize(stacks.size());
  outcome.calls.back() = std::move(made);
  observe(std::span<CallOutcome>(outcome.calls), std::span<const torch::jit::Stack>(stacks), memory());
  return true;
}

}  // namespace oracles::aten
