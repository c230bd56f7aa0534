#include "engine/fake/graph.h"

#include <unordered_map>

#include "engine/core/each_tensor.h"
#include "engine/core/error.h"

namespace engine::fake {

namespace {

// The fakes of a graph's tensors.
class Fakes {
 public:
  Fakes(FakeMode& mode, Device device) : mode_(mode), device_(device) {}

  void set(const Tensor& recorded, Tensor fake) { fakes_[recorded.body()] = std::move(fake); }
  Tensor of(const Tensor& recorded) {
    if (!recorded.defined()) return recorded;
    Tensor& fake = fakes_[recorded.body()];
    if (!fake.defined()) fake = on_device(recorded);
    return fake;
  }

 private:
  Tensor on_device(const Tensor& constant) {
    if (constant.device() == device_) return mode_.lift(constant);
    const size_t bytes = constant.storage() ? constant.storage()->bytes() : 0;
    return mode_.fake_with_numbers(Tensor::over(make_storage_without_data(device_, bytes), constant.dtype(),
                                                constant.sizes(), constant.strides(), constant.offset()));
  }

  FakeMode& mode_;
  Device device_;
  std::unordered_map<const TensorBody*, Tensor> fakes_;
};

std::vector<Tensor> tensors_of(const Stack& stack) {
  std::vector<Tensor> tensors;
  for (const Value& value : stack)
    for_each_tensor(value, [&](const Tensor& tensor) { tensors.push_back(tensor); });
  return tensors;
}

}  // namespace

void GraphRecorder::call(const Operator& op, Stack& stack) {
  GraphNode node{op, stack, {}};
  op.call_boxed(stack);
  node.results = stack;
  graph_.nodes.push_back(std::move(node));
}

FakeValue fake_value(const Tensor& fake) {
  return {fake.dtype(),      fake.device(),    sym_sizes(fake),
          sym_strides(fake), sym_offset(fake), fake.requires_grad()};
}

std::vector<std::vector<FakeValue>> propagate(const Graph& graph, FakeMode& mode,
                                              const std::vector<Tensor>& inputs, Device device) {
  if (inputs.size() != graph.inputs.size())
    throw Error(fmt::format("the graph has {} inputs, not {}", graph.inputs.size(), inputs.size()),
                ErrorKind::value);
  Fakes fakes(mode, device);
  for (size_t i = 0; i < inputs.size(); ++i) fakes.set(graph.inputs[i], inputs[i]);
  std::vector<std::vector<FakeValue>> values;
  const UseFakeMode in_force(mode);
  for (const GraphNode& node : graph.nodes) {
    Stack stack = node.arguments;
    for (size_t i = 0; i < stack.size(); ++i) {
      change_each_tensor(stack[i], [&](Tensor& tensor) { tensor = fakes.of(Tensor(tensor)); });
      if (node.op.schema().arguments[i].name == "device") stack[i] = Value(device);
    }
    node.op.call_boxed(stack);
    const std::vector<Tensor> made = tensors_of(stack), recorded = tensors_of(node.results);
    std::vector<FakeValue>& of_node = values.emplace_back();
    for (size_t i = 0; i < made.size() && i < recorded.size(); ++i) {
      fakes.set(recorded[i], made[i]);
      of_node.push_back(fake_value(made[i]));
    }
  }
  return values;
}

}  // namespace engine::fake
