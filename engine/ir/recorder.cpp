#include "engine/ir/recorder.h"

#include "engine/core/each_tensor.h"

namespace engine::ir {

Operand operand_of(const Value& value, const UseOf& use_of) {
  bool uses = false;
  for_each_tensor(value, [&](const Tensor& tensor) { uses = uses || use_of(tensor).has_value(); });
  if (!uses) return Operand::of(value);
  const auto of_tensor = [&](const Tensor& tensor) {
    const std::optional<Use> use = use_of(tensor);
    return use ? Operand::of(*use) : Operand::of(Value(tensor));
  };
  if (value.is_tensor()) return of_tensor(value.tensor());
  std::vector<Operand> elements;
  if (value.is(ValueTag::tensors))
    for (const Tensor& each : value.tensors()) elements.push_back(of_tensor(each));
  else if (value.is(ValueTag::optional_tensors))
    for (const std::optional<Tensor>& each : value.optional_tensors())
      elements.push_back(each ? of_tensor(*each) : Operand::of(Value()));
  else
    for (const Value& each : value.values()) elements.push_back(operand_of(each, use_of));
  return Operand::of(std::move(elements));
}

Recorder::Recorder(std::vector<Tensor> inputs) {
  for (Tensor& input : inputs) {
    uses_[input.body()] = {graph_.add_input(), -1};
    kept_.emplace_back(std::move(input));
  }
}

std::optional<Use> Recorder::use_of(const Tensor& tensor) const {
  const auto found = uses_.find(tensor.body());
  if (!tensor.defined() || found == uses_.end()) return std::nullopt;
  return found->second;
}

void Recorder::name(const Value& value, ValueId id) {
  if (value.is_tensor()) uses_[value.tensor().body()] = {id, -1};
  if (!value.is(ValueTag::tensors)) return;
  int32_t element = 0;
  for (const Tensor& each : value.tensors()) uses_[each.body()] = {id, element++};
}

void Recorder::call(const Operator& op, Stack& stack) {
  std::vector<Operand> operands;
  const UseOf uses = [this](const Tensor& tensor) { return use_of(tensor); };
  for (const Value& value : stack) operands.push_back(operand_of(value, uses));
  op.call_boxed(stack);
  const size_t node = graph_.add_call(op, std::move(operands));
  for (size_t i = 0; i < stack.size(); ++i) {
    name(stack[i], graph_.nodes[node].results[i]);
    kept_.push_back(stack[i]);
  }
}

}  // namespace engine::ir
