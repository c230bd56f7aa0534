#include "oracles/subjects/engine/engine_run.h"

#include "engine/autograd/inference_mode.h"
#include "engine/core/warning.h"
#include "oracles/subjects/engine/engine_arguments.h"

namespace oracles {

using engine::DispatchKey;
using engine::KeySet;

namespace {

KeySet carried(const engine::Stack& stack, KeySet wanted) {
  KeySet found;
  for (const engine::Value& value : stack) found |= value.keys() & wanted;
  return found & KeySet::functionalities();
}

// How a call with these keys meets the keys of the layers: the highest one that is left decides.
Reach met_at(const engine::Operator& op, KeySet effective, KeySet layer_keys) {
  const KeySet met = effective & layer_keys;
  if (met.empty()) return Reach::fallthrough;
  const engine::Reason reason = op.reason_at(met.highest_functionality());
  return reason == engine::Reason::kernel ? Reach::own : Reach::fallback;
}

}  // namespace

void record_failure(CallOutcome& call, const Misfit& misfit) {
  call.status = Status::raised;
  call.error_class = "ArgumentError";
  call.message = misfit.what;
}

void record_failure(CallOutcome& call, const std::exception& error) {
  call.message = first_line(error.what());
  if (const auto* ours = dynamic_cast<const engine::Error*>(&error)) {
    const bool missing = ours->kind() == engine::ErrorKind::not_implemented;
    call.status = missing ? Status::not_implemented : Status::raised;
    call.error_class = engine::name_of(ours->kind());
  } else if (dynamic_cast<const std::bad_alloc*>(&error)) {
    call.status = Status::over_memory;
    call.error_class = "MemoryError";
  } else {
    call.status = Status::raised;
    call.error_class = "RuntimeError";
  }
}

bool EngineRun::call(size_t index, Outcome& outcome) {
  CallOutcome& made = outcome.calls.emplace_back();
  const corpora::Call& call = case_.calls[index];
  const BoundOperator& op = *subject_.bound(index, call.op);
  engine::Stack stack;
  std::optional<engine::Trace> trace;
  bool composite_decides = false;
  std::optional<engine::autograd::NoGrad> no_grad;
  std::optional<engine::autograd::InferenceMode> inference;
  if (inputs_.no_grad) no_grad.emplace();
  if (inputs_.inference) inference.emplace();
  const uint64_t warnings = engine::warnings_given();
  const engine::UseWarningHandler silent([](const std::string&) {});
  attempt(made, [&] {
    push_arguments(call, op.handle.schema(), stack,
                   [this](const corpora::Value& value, const engine::Type& type, size_t) {
                     return fitted_argument(value, type, fitting_);
                   });
    composite_decides = !meet_at_once(op, stack);
    if (subject_.tracing_ || composite_decides) trace.emplace(subject_.dispatcher());
    call_once(op, stack, outcome);
  });
  made.warnings = static_cast<int>(engine::warnings_given() - warnings);
  inference.reset();
  no_grad.reset();
  if (trace) read_trace(*trace, composite_decides, outcome);
  return finish(made, stack, subject_.memory_);
}

bool EngineRun::meet_at_once(const BoundOperator& op, const engine::Stack& stack) {
  if (inputs_.elsewhere) {
    const engine::Reason reason =
        op.handle.reason_at(engine::runtime_key(DispatchKey::Dense, engine::backend_of(inputs_.device.type)));
    meet(reason == engine::Reason::backend_fallback ? Reach::fallback : Reach::own);
  }
  if (carried(stack, inputs_.keys).empty()) return true;
  if (op.composite) return false;
  meet(met_at(op.handle, op.handle.effective_keys(stack), inputs_.keys));
  return true;
}

void EngineRun::call_engine(const BoundOperator& op, engine::Stack& stack) const {
  if (inputs_.typed)
    op.typed(op.handle, stack);
  else
    op.handle.call_boxed(stack);
}

void EngineRun::call_once(const BoundOperator& op, engine::Stack& stack, Outcome& outcome) {
  if (!inputs_.python) return call_engine(op, stack);
  const PythonCall python(inputs_.python, op.handle, stack);
  {
    const PythonLayers::InForce in_force(inputs_.python);
    call_engine(op, stack);
  }
  inputs_.python.refuse_unknown_numbers(op.handle.name(), stack);
  if (inputs_.python.fake) return meet(Reach::fallback);
  const Reach reached = python.reach();
  if (op.composite && reached == Reach::bypassed) return;  // a composite may call no operator
  meet(reached);
  if (!op.composite) python.note_fault(outcome.state);
}

void EngineRun::read_trace(const engine::Trace& trace, bool decides, Outcome& outcome) {
  Reach found = Reach::fallthrough;
  for (const engine::CallEvent& call : trace.calls()) {
    if (subject_.tracing_) outcome.trace.push_back({call.entry.name(), call.keys.raw(), call.depth});
    const bool composite = call.reason == engine::Reason::composite_implicit;
    if (composite || found != Reach::fallthrough || (call.keys & inputs_.keys).empty()) continue;
    found = met_at(engine::Operator(&call.entry), call.keys, inputs_.keys);
  }
  if (decides) meet(found);
}

}  // namespace oracles
