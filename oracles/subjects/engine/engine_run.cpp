#include "oracles/subjects/engine/engine_run.h"

#include <fmt/format.h>

#include "engine/dispatch/trace.h"

namespace oracles {

using engine::DispatchKey;
using engine::KeySet;

namespace {

bool gives_tensors(const corpora::Value& value) {
  bool found = false;
  corpora::for_each_tensor(value, [&](const corpora::TensorRef&) { found = true; });
  return found;
}

bool is_device(const engine::Type& type) {
  return type.kind == engine::TypeKind::device ||
         (type.kind == engine::TypeKind::optional && is_device(type.element()));
}

KeySet carried(const engine::Stack& stack, KeySet wanted) {
  KeySet found;
  for (const engine::Value& value : stack) found |= value.keys() & wanted;
  return found & KeySet::functionalities();
}

// How a call with these keys meets those of the layers: by the highest one that is left.
Reach met_at(const engine::Operator& op, KeySet effective, KeySet marks) {
  const KeySet met = effective & marks;
  if (met.empty()) return Reach::fallthrough;
  const engine::Reason reason = op.reason_at(met.highest_functionality());
  return reason == engine::Reason::kernel ? Reach::own : Reach::fallback;
}

int rank(Reach reach) {
  constexpr std::array<int, 5> ranks{0, 4, 3, 2, 1};
  return ranks[static_cast<size_t>(reach)];
}

std::string first_line(std::string_view text) {
  constexpr size_t longest = 400;
  return std::string(text.substr(0, std::min(text.find('\n'), longest)));
}

}  // namespace

void note_failure(CallOutcome& call, const EngineMisfit& misfit) {
  call.status = Status::raised;
  call.error_class = "ArgumentError";
  call.message = misfit.what;
}

void note_failure(CallOutcome& call, const std::exception& error) {
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

EngineRun::EngineRun(EngineSubject& subject, const corpora::Case& c, EngineInputs& inputs)
    : subject_(subject),
      case_(c),
      inputs_(inputs),
      snapshots_(inputs, static_cast<int32_t>(c.storages.size())),
      changes_(inputs),
      fitting_{[this](const corpora::TensorRef& ref) { return referred(ref); }, inputs.device} {}

bool EngineRun::call(size_t index, Outcome& outcome) {
  CallOutcome& made = outcome.calls.emplace_back();
  const corpora::Call& call = case_.calls[index];
  const EngineSubject::BoundOperator& op = *subject_.bound(index, call.op);
  engine::Stack stack;
  attempt(made, [&] {
    push_arguments(call, op.handle.schema(), stack);
    invoke(op, stack, outcome);
  });
  if (subject_.memory_.over_quota()) made.status = Status::over_memory;
  ReturnedTensors& tensors = results_.emplace_back();
  if (made.status == Status::returned)
    for (const engine::Value& value : stack) snapshots_.result(value, made.results.emplace_back(), tensors);
  const bool goes_on = made.status == Status::returned;
  const auto snapshot = [&](const engine::Tensor& tensor, TensorSnapshot& shot) {
    snapshots_.tensor(tensor, shot);
  };
  changes_.record(made, snapshot, goes_on && index + 1 < case_.calls.size());
  made.guard_damaged = subject_.memory_.take_damage();
  return goes_on;
}

engine::Tensor EngineRun::referred(const corpora::TensorRef& ref) const {
  const auto index = static_cast<size_t>(ref.index);
  if (ref.is_input()) {
    if (index < inputs_.inputs.size()) return inputs_.inputs[index].passed;
  } else if (static_cast<size_t>(ref.call) < results_.size()) {
    const ReturnedTensors& of_call = results_[static_cast<size_t>(ref.call)];
    if (index < of_call.size()) return of_call[index];
  }
  throw EngineMisfit{"the call refers to a tensor that is not there"};
}

// Elsewhere than on the CPU a call without tensors is told so by its device.
void EngineRun::push_arguments(const corpora::Call& call, const engine::Schema& schema,
                               engine::Stack& stack) const {
  bool tensors = false;
  for (const corpora::Value& value : call.arguments) tensors = tensors || gives_tensors(value);
  for (size_t i = 0; i < schema.arguments.size(); ++i) {
    const engine::Type& type = schema.arguments[i].type;
    const bool says_device = inputs_.device.type != engine::DeviceType::cpu && !tensors && is_device(type);
    if (says_device && call.arguments[i].kind == corpora::ValueKind::none)
      stack.push_back(engine::Value(inputs_.device));
    else
      stack.push_back(fitted_argument(call.arguments[i], type, fitting_));
  }
}

void EngineRun::meet(Reach reach) {
  if (rank(reach) > rank(reach_)) reach_ = reach;
}

void EngineRun::call_once(const EngineSubject::BoundOperator& op, engine::Stack& stack, Outcome& outcome) {
  if (inputs_.python) return call_through_python(op, stack, outcome);
  call_engine(op, stack);
}

void EngineRun::call_engine(const EngineSubject::BoundOperator& op, engine::Stack& stack) const {
  if (inputs_.typed)
    op.typed(op.handle, stack);
  else
    op.handle.call_boxed(stack);
}

void EngineRun::call_through_python(const EngineSubject::BoundOperator& op, engine::Stack& stack,
                                    Outcome& outcome) {
  const PythonCall python(inputs_.python, op.handle, stack);
  {
    const PythonLayers::InForce in_force(inputs_.python);
    call_engine(op, stack);
  }
  const Reach reached = python.reach();
  if (op.composite && reached == Reach::bypassed) return;  // it need not call anything
  meet(reached);
  if (!op.composite) python.note_fault(outcome.state);
}

// The outermost call that meets the layers' keys decides how they were met; a composite passes them on.
void EngineRun::invoke(const EngineSubject::BoundOperator& op, engine::Stack& stack, Outcome& outcome) {
  if (inputs_.elsewhere) {
    const engine::Reason reason =
        op.handle.reason_at(engine::runtime_key(DispatchKey::Dense, engine::backend_of(inputs_.device.type)));
    meet(reason == engine::Reason::backend_fallback ? Reach::fallback : Reach::own);
  }
  const bool met = !carried(stack, inputs_.keys).empty();
  if (met && !op.composite) meet(met_at(op.handle, op.handle.effective_keys(stack), inputs_.keys));
  if (!subject_.tracing_ && !(met && op.composite)) return call_once(op, stack, outcome);
  const engine::Trace trace(subject_.dispatcher());
  struct Note {
    EngineRun& run;
    const engine::Trace& seen;
    Outcome& told;
    bool met;
    ~Note() {
      Reach found = Reach::bypassed;
      for (const engine::CallEvent& call : seen.calls()) {
        if (run.subject_.tracing_) told.trace.push_back({call.entry.name(), call.keys.raw(), call.depth});
        const engine::Operator called(&call.entry);
        const bool composite = call.reason == engine::Reason::composite_implicit;
        if (composite || found == Reach::fallback || found == Reach::own) continue;
        const KeySet keys = call.keys & run.inputs_.keys;
        if (!keys.empty()) found = met_at(called, call.keys, run.inputs_.keys);
      }
      if (met) run.meet(found == Reach::bypassed ? Reach::fallthrough : found);
    }
  } note{*this, trace, outcome, met && op.composite};
  call_once(op, stack, outcome);
}

}  // namespace oracles
