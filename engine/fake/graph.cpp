#include "engine/fake/graph.h"

#include <fmt/core.h>

#include <unordered_map>

#include "engine/core/each_tensor.h"
#include "engine/core/error.h"
#include "engine/ir/interpreter.h"

namespace engine::fake {

namespace {

// Replaces the constant tensors of a graph by fakes on a device.
class Constants {
 public:
  Constants(FakeMode& mode, Device device) : mode_(mode), device_(device) {}

  void replace(ir::Operand& operand) {
    change_each_tensor(operand.constant, [&](Tensor& tensor) {
      if (!tensor.defined()) return;
      Tensor& fake = fakes_[tensor.body()];
      if (!fake.defined()) fake = on_device(tensor);
      tensor = fake;
    });
    for (ir::Operand& each : operand.list) replace(each);
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

// On the device, where a node has a device argument.
void place(ir::Node& node, Device device) {
  if (!node.op) return;
  for (size_t i = 0; i < node.operands.size(); ++i)
    if (node.op->schema().arguments[i].name == "device") node.operands[i] = ir::Operand::of(Value(device));
}

}  // namespace

FakeValue fake_value(const Tensor& fake) {
  return {fake.dtype(),      fake.device(),    sym_sizes(fake),
          sym_strides(fake), sym_offset(fake), fake.requires_grad()};
}

std::vector<std::vector<FakeValue>> propagate(const ir::Graph& graph, FakeMode& mode,
                                              const std::vector<Tensor>& inputs, Device device) {
  if (inputs.size() != graph.inputs.size())
    throw Error(fmt::format("the graph has {} inputs, not {}", graph.inputs.size(), inputs.size()),
                ErrorKind::value);
  Constants constants(mode, device);
  ir::Environment environment(graph);
  for (size_t i = 0; i < inputs.size(); ++i) environment[graph.inputs[i]] = inputs[i];
  std::vector<std::vector<FakeValue>> values;
  const UseFakeMode in_force(mode);
  for (ir::Node node : graph.nodes) {
    for (ir::Operand& operand : node.operands) constants.replace(operand);
    place(node, device);
    environment.run(node);
    std::vector<FakeValue>& of_node = values.emplace_back();
    for (const ir::ValueId result : node.results)
      for_each_tensor(environment[result],
                      [&](const Tensor& tensor) { of_node.push_back(fake_value(tensor)); });
  }
  return values;
}

}  // namespace engine::fake
