#include <ATen/core/LegacyTypeDispatch.h>

#include <algorithm>

#include "engine/core/input_error.h"
#include "oracles/subjects/torch/allocator.h"
#include "oracles/subjects/torch/arguments.h"
#include "oracles/subjects/torch/failure.h"
#include "oracles/subjects/torch/inputs.h"
#include "oracles/subjects/torch/libraries.h"
#include "oracles/subjects/torch/snapshot.h"
#include "oracles/subjects/torch/torch_subject.h"
#include "oracles/subjects/torch/version.h"

namespace oracles::aten {

namespace {

bool gives_tensors(const corpora::Value& value) {
  bool found = value.kind == corpora::ValueKind::tensor;
  for (const corpora::Value& element : value.list) found = found || gives_tensors(element);
  return found;
}

bool is_device(const Fit& fit) {
  return fit.kind == Fit::Kind::device ||
         (fit.kind == Fit::Kind::optional && fit.element.front().kind == Fit::Kind::device);
}

}  // namespace

// One run of one case: everything alive between the transformation of inputs and the last snapshot.
class Run {
 public:
  Run(TorchSubject& subject, const corpora::Case& c, Inputs& inputs)
      : subject_(subject),
        case_(c),
        inputs_(inputs),
        snapshots_(inputs, static_cast<int32_t>(c.storages.size())),
        changes_(inputs),
        context_{[this](const corpora::TensorRef& ref) { return referred(ref); }, inputs.meta} {
    if (!inputs.keys.empty()) reach_ = Reach::none;
  }

  // False when the program ends here.
  bool call(size_t index, Outcome& outcome) {
    CallOutcome& made = outcome.calls.emplace_back();
    const corpora::Call& call = case_.calls[index];
    const BoundOperator& op = *subject_.operators_.find(call.op);
    subject_.surroundings_.begin_call();
    torch::jit::Stack stack;
    try {
      push_arguments(call, op, stack);
      invoke(op, stack, outcome.trace);
    } catch (...) {
      describe_failure(made, op.of_library);
    }
    subject_.surroundings_.end_call(made);
    if (memory().over_quota()) made.status = Status::over_memory;
    finish(made, stack, index + 1 < case_.calls.size());
    made.guard_damaged = memory().take_damage();
    return made.status == Status::returned;
  }

  Reach reach() const { return reach_; }

 private:
  at::Tensor referred(const corpora::TensorRef& ref) const {
    const auto index = static_cast<size_t>(ref.index);
    if (ref.is_input()) {
      if (index < inputs_.inputs.size()) return inputs_.inputs[index].tensor;
    } else if (static_cast<size_t>(ref.call) < results_.size()) {
      const std::vector<at::Tensor>& of_call = results_[static_cast<size_t>(ref.call)];
      if (index < of_call.size()) return of_call[index];
    }
    throw Misfit{"the call refers to a tensor that is not there"};
  }

  void push_arguments(const corpora::Call& call, const BoundOperator& op, torch::jit::Stack& stack) {
    bool tensors = false;
    if (inputs_.meta)
      for (const corpora::Value& value : call.arguments) tensors = tensors || gives_tensors(value);
    stack.reserve(op.arguments.size() + 1);
    for (size_t i = 0; i < op.arguments.size(); ++i) {
      const Fit& fit = op.arguments[i];
      if (inputs_.meta && !tensors && call.arguments[i].kind == corpora::ValueKind::none && is_device(fit)) {
        stack.emplace_back(c10::Device(c10::DeviceType::Meta));
      } else {
        stack.push_back(fitted(call.arguments[i], fit, context_));
      }
    }
  }

  void invoke(const BoundOperator& op, torch::jit::Stack& stack, std::vector<TraceEntry>& trace) {
    if (inputs_.meta) reach_ = better(reach_, op.own_meta ? Reach::own : Reach::fallback);
    const bool met = !carried(stack, op.arguments.size(), inputs_.keys).empty();
    // Only a kernel made of other operators, or one with an entry of its own at the key, needs watching.
    const bool unclear = met && (op.composite || !(op.own & inputs_.keys).empty());
    if (met && !unclear) reach_ = better(reach_, Reach::fallback);
    if (!unclear && !subject_.tracing_) return invoke_unwatched(op, stack);
    Tracer::Watch watch(subject_.tracer_, met ? inputs_.keys : c10::DispatchKeySet(),
                        subject_.tracing_ ? &trace : nullptr);
    struct Note {
      Run& run;
      const Tracer::Watch& watch;
      bool met;
      ~Note() {
        if (met) run.reach_ = better(run.reach_, watch.reach());
      }
    } note{*this, watch, met};
    invoke_unwatched(op, stack);
  }

  void invoke_unwatched(const BoundOperator& op, torch::jit::Stack& stack) const {
    if (inputs_.meta && op.meta_below_autograd) {
      const at::AutoDispatchBelowAutograd below;
      op.handle.callBoxed(&stack);
    } else if (inputs_.typed) {
      op.typed(op.handle, stack);
    } else {
      op.handle.callBoxed(&stack);
    }
  }

  void finish(CallOutcome& made, torch::jit::Stack& stack, bool more_calls) {
    std::vector<at::Tensor>& tensors = results_.emplace_back();
    if (made.status == Status::returned)
      for (const c10::IValue& value : stack) snapshots_.result(value, made.results.emplace_back(), tensors);
    const auto snapshot = [&](const at::Tensor& tensor, TensorSnapshot& shot) {
      snapshots_.tensor(tensor, shot);
    };
    changes_.record(made, snapshot, more_calls && made.status == Status::returned);
  }

  TorchSubject& subject_;
  const corpora::Case& case_;
  Inputs& inputs_;
  Snapshots snapshots_;
  Changes<Inputs> changes_;
  FitContext context_;
  std::vector<std::vector<at::Tensor>> results_;  // kept alive: a storage's address names it
  Reach reach_ = Reach::none;
};

TorchSubject::TorchSubject(const SubjectOptions& options)
    : operators_((load_operator_libraries(options.load), Operators())),
      tracer_(operators_),
      quota_bytes_(static_cast<size_t>(options.memory_mib) << 20) {}

std::string TorchSubject::version() const { return torch_version; }

std::string TorchSubject::refuses(const corpora::Case& c, const corpora::Path& path) const {
  if (!c.program.empty()) return path.empty() ? "" : "a dispatch program has no paths";
  const bool typed = has_layer(path, corpora::LayerKind::typed);
  for (const corpora::Call& call : c.calls) {
    const BoundOperator* op = operators_.find(call.op);
    if (!op) return "there is no operator " + call.op;
    if (!op->callable) return call.op + " takes or returns an open number of values";
    if (call.arguments.size() != op->arguments.size()) return "arguments missing for " + call.op;
    if (typed && !op->typed) return "no typed call for the C++ signature of " + call.op;
  }
  return input_refusal(c, path);
}

// An error for a kernel that is missing costs libtorch a fresh look at the whole table.
std::string TorchSubject::known_gap(const corpora::Case& c, const corpora::Path& path) const {
  if (!has_layer(path, corpora::LayerKind::meta)) return {};
  for (const corpora::Call& call : c.calls) {
    const BoundOperator* op = operators_.find(call.op);
    const bool meets_meta = std::any_of(call.arguments.begin(), call.arguments.end(), gives_tensors);
    if (op && op->meta_missing && meets_meta) return "no kernel serves Meta for " + call.op;
  }
  return {};
}

Outcome TorchSubject::run(const corpora::Case& c, const corpora::Image& image, const corpora::Path& path) {
  Outcome outcome;
  const std::string refusal = refuses(c, path);
  if (!refusal.empty()) throw engine::InputError("", refusal);
  if (!c.program.empty()) {  // the oracle steps through it
    outcome.calls.emplace_back();
    return outcome;
  }
  surroundings_.begin_run();
  {
    Inputs inputs(path);
    memory().begin_run(
        inputs.other_pattern ? GuardedAllocator::other_pattern : GuardedAllocator::usual_pattern, SIZE_MAX);
    inputs.make(c, image, path);
    memory().begin_run(
        inputs.other_pattern ? GuardedAllocator::other_pattern : GuardedAllocator::usual_pattern,
        quota_bytes_);
    Run running(*this, c, inputs);
    for (size_t i = 0; i < c.calls.size(); ++i)
      if (!running.call(i, outcome)) break;
    outcome.reach = running.reach();
  }
  surroundings_.end_run(outcome.state);
  return outcome;
}

}  // namespace oracles::aten
