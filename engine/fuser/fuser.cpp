#include "engine/fuser/fuser.h"

#include <fmt/core.h>

#include <algorithm>

#include "engine/autograd/grad_mode.h"
#include "engine/core/each_tensor.h"
#include "engine/core/environment_error.h"
#include "engine/core/error.h"
#include "engine/core/lazy_keys.h"
#include "engine/dispatch/thread_keys.h"
#include "engine/fuser/fused_program.h"
#include "engine/ir/interpreter.h"
#include "engine/ir/print.h"

namespace engine::fuser {

namespace {

FallbackReason why_not(const Tensor& tensor, Device first) {
  if (!tensor.defined()) return FallbackReason::undefined_input;
  if (first.type != DeviceType::cpu) return FallbackReason::no_fuser_for_device;
  if (tensor.device() != first) return FallbackReason::other_device;
  const KeySet other = (tensor.keys() - dense_keys(DeviceType::cpu)) & KeySet::functionalities();
  if (!(other & lazy_keys).empty()) return FallbackReason::lazy_elements;
  if (!other.empty()) return FallbackReason::wrapped_input;
  if (tensor.requires_grad() && autograd::GradMode::enabled()) return FallbackReason::gradient;
  return FallbackReason::none;
}

// What plans read of an input.
Tensor meta_like(const Tensor& tensor) {
  return Tensor::over(make_storage_without_data(DeviceType::meta, 0), tensor.dtype(), tensor.sizes(),
                      tensor.strides());
}

void check_group(const ir::Graph& group) {
  if (const std::string fault = ir::fault_of(group); !fault.empty()) throw Error(fault, ErrorKind::value);
  const auto refuse_tensor = [](const auto& self, const ir::Operand& operand) -> void {
    for_each_tensor(operand.constant, [](const Tensor&) {
      throw Error("a group has no constant tensors; pass them as inputs", ErrorKind::value);
    });
    for (const ir::Operand& each : operand.list) self(self, each);
  };
  for (const ir::Node& node : group.nodes)
    for (const ir::Operand& operand : node.operands) refuse_tensor(refuse_tensor, operand);
  for (const ir::Use& output : group.outputs)
    if (output.element >= 0) throw Error("a group returns values, not elements of lists", ErrorKind::value);
}

}  // namespace

FallbackReason why_not_fused(std::span<const Value> inputs) {
  for (const Value& input : inputs)
    if (!input.is_tensor()) return FallbackReason::not_a_tensor;
  if (thread_keys != ThreadKeys{}) return FallbackReason::thread_keys;
  for (const Value& input : inputs) {
    const Tensor &first = inputs[0].tensor(), &tensor = input.tensor();
    const FallbackReason why = why_not(tensor, first.defined() ? first.device() : Device());
    if (why != FallbackReason::none) return why;
  }
  return FallbackReason::none;
}

FuserSteps usual_steps() {
  return {ir::canonical_text, why_not_fused, plan_key, plan_group, c_source, ir::interpret, may_move};
}

Fuser::Fuser(Dispatcher& dispatcher, FuserSettings settings)
    : dispatcher_(dispatcher),
      settings_(std::move(settings)),
      enabled_(settings_.enabled),
      kernels_(Compiler(settings_.compiler, settings_.folder), settings_.steps.source,
               settings_.kernels_max) {}

int64_t Fuser::add(const ir::Graph& group) {
  check_group(group);
  const std::string text = settings_.steps.key(group);
  const std::lock_guard lock(mutex_);
  const auto [place, is_new] = keys_.emplace(text, static_cast<int64_t>(groups_.size()));
  if (is_new) {
    groups_.push_back(std::make_unique<Group>());
    groups_.back()->graph = group;
  }
  return place->second;
}

Fuser::Group& Fuser::group(int64_t key) const {
  const std::lock_guard lock(mutex_);
  if (key < 0 || key >= static_cast<int64_t>(groups_.size()))
    throw Error(fmt::format("there is no fused group with the key {}", key));
  return *groups_[static_cast<size_t>(key)];
}

std::shared_ptr<const BoundPlan> Fuser::plan_for(Group& group, std::span<const Value> inputs) {
  PlanKey key = settings_.steps.plan_key(inputs);
  const std::lock_guard lock(group.mutex);
  auto& plans = group.plans;
  const auto found =
      std::find_if(plans.begin(), plans.end(), [&](const auto& plan) { return plan->key() == key; });
  if (found != plans.end()) {
    std::rotate(plans.begin(), found, found + 1);
    return plans.front();
  }
  std::vector<Tensor> metas;
  for (const Value& input : inputs) metas.push_back(meta_like(input.tensor()));
  GroupPlan plan = settings_.steps.plan(group.graph, metas);
  plans.insert(plans.begin(), std::make_shared<const BoundPlan>(std::move(key), std::move(plan), kernels_));
  if (plans.size() > plans_max) plans.pop_back();
  return plans.front();
}

FallbackReason Fuser::try_fused(Group& group, Stack& stack) {
  const std::span<Value> inputs = stack.last(group.graph.inputs.size());
  if (const FallbackReason why = settings_.steps.why_not(inputs); why != FallbackReason::none) return why;
  try {
    SmallVector<Tensor> outputs = plan_for(group, inputs)->run(inputs, dispatcher_);
    stack.drop(inputs.size());
    for (Tensor& output : outputs) stack.push_back(Value(std::move(output)));
    return FallbackReason::none;
  } catch (const Unfused& unfused) {
    return unfused.reason;
  } catch (const EnvironmentError& error) {
    const std::lock_guard lock(mutex_);
    compiler_message_ = error.what();
    return FallbackReason::compiler;
  } catch (const Error&) {  // of an allocation
    return FallbackReason::refused_arguments;
  }
}

bool Fuser::run_fused(int64_t key, Stack& stack) {
  const FallbackReason why = enabled_ ? try_fused(group(key), stack) : FallbackReason::fuser_off;
  if (why == FallbackReason::none)
    ++fused_;
  else
    ++fallbacks_[static_cast<size_t>(why)];
  return why == FallbackReason::none;
}

void Fuser::run_fallback(int64_t key, Stack& stack) {
  settings_.steps.interpret(group(key).graph, dispatcher_, stack);
}

void Fuser::run(int64_t key, Stack& stack) {
  if (!run_fused(key, stack)) run_fallback(key, stack);
}

FuserCounts Fuser::counts() const {
  FuserCounts counts{.fused = fused_};
  for (size_t i = 0; i < fallbacks_.size(); ++i) counts.fallbacks[i] = fallbacks_[i];
  return counts;
}

size_t Fuser::group_count() const {
  const std::lock_guard lock(mutex_);
  return groups_.size();
}

std::string Fuser::compiler_message() const {
  const std::lock_guard lock(mutex_);
  return compiler_message_;
}

}  // namespace engine::fuser
