// LiveRun: one run of one case, as far as it is the same for every library: the arguments of its calls, the
// results that later calls refer to, what each call changed, and how the keys of its layers were met.
//
// In addition to what live_inputs.h and snapshots.h name, a library's inputs have `device` and off_cpu(), and
// its snapshots have
//   void result(const Value&, Result&, ReturnedTensors&)   adds the tensors that it finds
//   void tensor(const Tensor&, TensorSnapshot&)
#pragma once

#include <array>
#include <span>

#include "engine/core/small_vector.h"
#include "oracles/subjects/arguments.h"
#include "oracles/subjects/guarded_memory.h"
#include "oracles/subjects/snapshots.h"

namespace oracles {

template <class Inputs, class Snapshots>
class LiveRun {
 public:
  using Tensor = typename Inputs::Tensor;
  using ReturnedTensors = engine::SmallVector<Tensor, 2>;  // lists element by element

  LiveRun(const corpora::Case& c, Inputs& inputs)
      : case_(c),
        inputs_(inputs),
        fitting_{[this](const corpora::TensorRef& ref) { return referred(ref); }, inputs.device},
        snapshots_(inputs, static_cast<int32_t>(c.storages.size())),
        changes_(inputs) {}

  Reach reach() const { return reach_; }
  const ReturnedTensors& results_of(size_t call) const { return results_[call]; }

 protected:
  // `fit(value, type, index)` fits one argument.
  template <class Stack, class Fit>
  void push_arguments(const corpora::Call& call, const engine::Schema& schema, Stack& stack,
                      Fit&& fit) const {
    const bool gives_device = inputs_.off_cpu() && !holds_tensors(call);
    for (size_t i = 0; i < schema.arguments.size(); ++i) {
      const corpora::Value& value = call.arguments[i];
      const engine::Type& type = schema.arguments[i].type;
      if (gives_device && is_default_device(value, type))
        stack.push_back(inputs_.device);
      else
        stack.push_back(fit(value, type, i));
    }
  }

  // Of several calls, the one that shows most of the keys decides.
  void meet(Reach reach) {
    constexpr std::array<int, 5> ranks{0, 4, 3, 2, 1};
    if (ranks[static_cast<size_t>(reach)] > ranks[static_cast<size_t>(reach_)]) reach_ = reach;
  }

  // After a call, with its results on the stack. False: the program ends here.
  template <class Stack>
  bool finish(CallOutcome& call, const Stack& stack, GuardedMemory& memory) {
    if (memory.over_quota()) call.status = Status::over_memory;
    ReturnedTensors& tensors = results_.emplace_back();
    const bool returned = call.status == Status::returned;
    if (returned)
      for (const auto& value : stack) snapshots_.result(value, call.results.emplace_back(), tensors);
    const auto snapshot = [this](const Tensor& tensor, TensorSnapshot& shot) {
      snapshots_.tensor(tensor, shot);
    };
    changes_.record(call, snapshot, returned && results_.size() < case_.calls.size());
    call.guard_damaged = memory.take_damage();
    return returned;
  }

  // Of a program that is observed at its end: keeps what a call returned for later calls.
  template <class Stack>
  void keep(const Stack& stack) {
    Result unread;
    ReturnedTensors& tensors = results_.emplace_back();
    for (const auto& value : stack) snapshots_.result(value, unread, tensors);
  }
  // At the end of such a program, for all of its calls: the results of the calls that returned are in
  // `stacks`. A further call may have raised. What the program changed is recorded in the last call.
  template <class Stack>
  void observe(std::span<CallOutcome> calls, std::span<const Stack> stacks, GuardedMemory& memory) {
    ReturnedTensors unread;
    for (size_t i = 0; i < stacks.size(); ++i)
      for (const auto& value : stacks[i]) snapshots_.result(value, calls[i].results.emplace_back(), unread);
    if (memory.over_quota()) calls.back().status = Status::over_memory;
    changes_.record(
        calls.back(), [this](const Tensor& tensor, TensorSnapshot& shot) { snapshots_.tensor(tensor, shot); },
        false);
    calls.back().guard_damaged = memory.take_damage();
  }

  // A value that no call returned, as plain data.
  template <class Value>
  void read(const Value& value, Result& made) {
    ReturnedTensors tensors;
    snapshots_.result(value, made, tensors);
  }

  const corpora::Case& case_;
  Inputs& inputs_;
  Fitting<Tensor, decltype(Inputs::device)> fitting_;

 private:
  const Tensor& referred(const corpora::TensorRef& ref) const {
    const auto index = static_cast<size_t>(ref.index);
    if (ref.is_input()) {
      if (index < inputs_.inputs.size()) return inputs_.inputs[index].passed;
    } else if (static_cast<size_t>(ref.call) < results_.size()) {
      const ReturnedTensors& of_call = results_[static_cast<size_t>(ref.call)];
      if (index < of_call.size()) return of_call[index];
    }
    throw Misfit{"the call refers to a tensor that is not there"};
  }

  Snapshots snapshots_;
  Changes<Inputs> changes_;
  engine::SmallVector<ReturnedTensors, 2> results_;  // kept alive: a storage's address names it
  Reach reach_ = Reach::none;
};

}  // namespace oracles
