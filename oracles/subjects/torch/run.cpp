#include <ATen/core/LegacyTypeDispatch.h>

#include <algorithm>

#include "engine/core/input_error.h"
#include "oracles/subjects/torch/allocator.h"
#include "oracles/subjects/torch/arguments.h"
#include "oracles/subjects/torch/changes.h"
#include "oracles/subjects/torch/dress.h"
#include "oracles/subjects/torch/failure.h"
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

// One run of one case: everything alive between dressing and the last snapshot.
class Run {
 public:
  Run(TorchSubject& subject, const corpora::Case& c, Dressed& dressed)
      : subject_(subject),
        case_(c),
        dressed_(dressed),
        snapshots_(dressed, static_cast<int32_t>(c.storages.size())),
        changes_(dressed),
        context_{[this](const corpora::TensorRef& ref) { return referred(ref); }, dressed.meta} {
    if (dressed.keys) reach_ = Reach::none;
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
      if (index < dressed_.inputs.size()) return dressed_.inputs[index].tensor;
    } else if (static_cast<size_t>(ref.call) < results_.size()) {
      const std::vector<at::Tensor>& of_call = results_[static_cast<size_t>(ref.call)];
      if (index < of_call.size()) return of_call[index];
    }
    throw Misfit{"the call refers to a tensor that is not there"};
  }

  void push_arguments(const corpora::Call& call, const BoundOperator& op, torch::jit::Stack& stack) {
    bool tensors = false;
    if (dressed_.meta)
      for (const corpora::Value& value : call.arguments) tensors = tensors || gives_tensors(value);
    stack.reserve(op.arguments.size() + 1);
    for (size_t i = 0; i < op.arguments.size(); ++i) {
      const Fit& fit = op.arguments[i];
      if (dressed_.meta && !tensors && call.arguments[i].kind == corpora::ValueKind::none && is_device(fit)) {
        stack.emplace_back(c10::Device(c10::DeviceType::Meta));
      } else {
        stack.push_back(fitted(call.arguments[i], fit, context_));
      }
    }
  }

  void invoke(const BoundOperator& op, torch::jit::Stack& stack, std::vector<TraceEntry>& trace) {
    const c10::DispatchKeySet dress = key_set_of(dressed_.keys);
    if (dressed_.meta) reach_ = better(reach_, op.own_meta ? Reach::own : Reach::fallback);
    const bool met = dressed_.keys && !carried(stack, op.arguments.size(), dress).empty();
    // Only a kernel made of other operators, or one with an entry of its own at the key, needs watching.
    const bool unclear = met && (op.composite || (op.own & dressed_.keys));
    if (met && !unclear) reach_ = better(reach_, Reach::fallback);
    if (!unclear && !subject_.tracing_) return invoke_unwatched(op, stack);
    Tracer::Watch watch(subject_.tracer_, met ? dressed_.keys : uint8_t{0},
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
    if (dressed_.meta && op.meta_below_autograd) {
      const at::AutoDispatchBelowAutograd below;
      op.handle.callBoxed(&stack);
    } else if (dressed_.typed) {
      op.typed(op.handle, stack);
    } else {
      op.handle.callBoxed(&stack);
    }
  }

  void finish(CallOutcome& made, torch::jit::Stack& stack, bool more_calls) {
    std::vector<at::Tensor>& tensors = results_.emplace_back();
    if (made.status == Status::returned)
      for (const c10::IValue& value : stack) made.results.push_back(snapshots_.result(value, tensors));
    changes_.record(made, snapshots_, more_calls && made.status == Status::returned);
  }

  TorchSubject& subject_;
  const corpora::Case& case_;
  Dressed& dressed_;
  Snapshots snapshots_;
  Changes changes_;
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
  const bool typed = plan_of(path).typed;
  for (const corpora::Call& call : c.calls) {
    const BoundOperator* op = operators_.find(call.op);
    if (!op) return "there is no operator " + call.op;
    if (!op->callable) return call.op + " takes or returns an open number of values";
    if (call.arguments.size() != op->arguments.size()) return "arguments missing for " + call.op;
    if (typed && !op->typed) return "no typed call for the C++ signature of " + call.op;
  }
  return dressing_refusal(c, path);
}

// An error for a kernel that is missing costs libtorch a fresh look at the whole table.
std::string TorchSubject::known_gap(const corpora::Case& c, const corpora::Path& path) const {
  if (!plan_of(path).meta) return {};
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
    Dressed dressed = plan_of(path);
    memory().begin_run(
        dressed.other_pattern ? GuardedAllocator::other_pattern : GuardedAllocator::usual_pattern, SIZE_MAX);
    dress(dressed, c, image, path);
    memory().begin_run(
        dressed.other_pattern ? GuardedAllocator::other_pattern : GuardedAllocator::usual_pattern,
        quota_bytes_);
    Run running(*this, c, dressed);
    for (size_t i = 0; i < c.calls.size(); ++i)
      if (!running.call(i, outcome)) break;
    outcome.reach = running.reach();
  }
  surroundings_.end_run(outcome.state);
  return outcome;
}

}  // namespace oracles::aten
