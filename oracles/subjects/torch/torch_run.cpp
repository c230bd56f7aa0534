#include "oracles/subjects/torch/torch_run.h"

#include <ATen/core/LegacyTypeDispatch.h>
#include <ATen/core/grad_mode.h>
#include <c10/core/InferenceMode.h>

#include "oracles/subjects/torch/allocator.h"
#include "oracles/subjects/torch/arguments.h"
#include "oracles/subjects/torch/failure.h"
#include "oracles/subjects/torch/python_layers.h"
#include "oracles/subjects/torch/stack_below.h"

namespace oracles::aten {

namespace {

constexpr c10::DispatchKeySet python_keys(c10::DispatchKey::Python);

}  // namespace

bool TorchRun::call(size_t index, Outcome& outcome, Gradients* gradients) {
  CallOutcome& made = outcome.calls.emplace_back();
  const corpora::Call& call = case_.calls[index];
  const BoundOperator& op = *subject_.operators_.find(call.op);
  subject_.surroundings_.begin_call();
  torch::jit::Stack stack;
  const StackBelow below(inputs_.other_pattern);
  std::optional<Tracer::Watch> watch;
  bool trace_decides = false;
  std::optional<PythonModes> modes;
  try {
    below.push(stack);
    push_arguments(call, op, stack);
    if (gradients) gradients->before_call(stack, op.argument_count());
    trace_decides = !meet_at_once(op, stack);
    if (subject_.tracing_ || trace_decides)
      watch.emplace(subject_.tracer_, trace_decides ? inputs_.keys : c10::DispatchKeySet(),
                    subject_.tracing_ ? &outcome.trace : nullptr);
    if (watch && subject_.with_arguments_)
      watch->read_argument = [this](const c10::IValue& value, Result& argument) { read(value, argument); };
    if (inputs_.fake) meet(op.own_meta ? Reach::own : Reach::fallback);
    if (inputs_.python || inputs_.fake) modes.emplace(inputs_.fake ? "fake" : "python");
    call_operator(op, stack);
    if (!below.take(stack)) subject_.surroundings_.stack_changed();
    if (inputs_.functional) inputs_.functional->settle(inputs_, stack);
  } catch (...) {
    describe_failure(made, !op.declared->by_author);
  }
  modes.reset();
  if (trace_decides && watch) meet(watch->reach());
  watch.reset();
  subject_.surroundings_.end_call(made);
  if (!finish(made, stack, memory())) return false;
  if (gradients) gradients->after_call(index, engine::span_of(results_of(index)), !op.declared->by_author);
  return true;
}

void TorchRun::push_arguments(const corpora::Call& call, const BoundOperator& op,
                              torch::jit::Stack& stack) const {
  const auto& declared = op.handle.schema().arguments();
  stack.reserve(stack.size() + declared.size() + 1);
  LiveRun::push_arguments(call, op.declared->schema, stack,
                          [&](const corpora::Value& value, const engine::Type& type, size_t i) {
                            return fitted(value, type, declared[i].real_type(), fitting_);
                          });
}

// Only a kernel made of other operators, or one that is registered at a key of the layers, needs a trace.
bool TorchRun::meet_at_once(const BoundOperator& op, const torch::jit::Stack& stack) {
  if (inputs_.meta) meet(op.own_meta ? Reach::own : Reach::fallback);
  if (inputs_.python || !carried(stack, op.argument_count(), python_keys).empty())
    meet(op.own_python ? Reach::own : Reach::fallback);
  // A kernel made of other operators is below no key: the calls that it makes are functionalised.
  if (inputs_.batch) meet(op.own_batched || op.composite ? Reach::own : Reach::fallback);
  if (inputs_.elsewhere) {
    const c10::DispatchKey key = backend_keys(inputs_.device).highestPriorityTypeId();
    meet(op.handle.hasKernelForDispatchKey(key) || op.composite ? Reach::own : Reach::fallback);
  }
  if (inputs_.functional) meet(op.own_functional || op.composite ? Reach::own : Reach::fallback);
  if (carried(stack, op.argument_count(), inputs_.keys).empty()) return true;
  if (op.composite || !(op.own & inputs_.keys).empty()) return false;
  meet(Reach::fallback);
  return true;
}

void TorchRun::call_operator(const BoundOperator& op, torch::jit::Stack& stack) const {
  std::optional<at::NoGradGuard> no_grad;
  if (inputs_.no_grad) no_grad.emplace();
  std::optional<c10::InferenceMode> inference;
  if (inputs_.inference) inference.emplace();
  std::optional<Functional::Guard> functionalised;
  if (inputs_.functional) functionalised.emplace(*inputs_.functional);
  if (inputs_.meta && op.meta_below_autograd) {
    const at::AutoDispatchBelowAutograd below;
    op.handle.callBoxed(&stack);
  } else if (inputs_.typed) {
    op.typed(op.handle, stack);
  } else {
    op.handle.callBoxed(&stack);
  }
}

}  // namespace oracles::aten
