#include "oracles/subjects/engine/engine_graph.h"

#include <map>

#include "engine/ir/recorder.h"
#include "oracles/subjects/engine/engine_arguments.h"

namespace oracles {

namespace {

using engine::ir::Use;

class GraphBuilder {
 public:
  GraphBuilder(const corpora::Case& c, engine::Device device)
      : case_(c), fitting_{[this](const corpora::TensorRef& ref) { return placeholder(ref); }, device} {
    for (size_t i = 0; i < c.inputs.size(); ++i) made_.graph.add_input();
  }

  void call(const corpora::Call& call, const engine::Operator& op) {
    std::vector<engine::ir::Operand> operands;
    for (size_t i = 0; i < call.arguments.size(); ++i)
      operands.push_back(
          engine::ir::operand_of(fitted_argument(call.arguments[i], op.schema().arguments[i].type, fitting_),
                                 [this](const engine::Tensor& tensor) { return use_of(tensor); }));
    const size_t node = made_.graph.add_call(op, std::move(operands));
    for (const engine::ir::ValueId result : made_.graph.nodes[node].results)
      made_.graph.outputs.push_back({result, -1});
    made_.returned.push_back(made_.graph.nodes[node].results.size());
  }

  EngineGraph take() { return std::move(made_); }

 private:
  // A tensor that represents a value while the arguments are fitted.
  engine::Tensor placeholder(const corpora::TensorRef& ref) {
    const Use use =
        ref.is_input() ? Use{made_.graph.inputs.at(static_cast<size_t>(ref.index)), -1} : result_at(ref);
    engine::Tensor& tensor = placeholders_[{use.value, use.element}];
    if (!tensor.defined()) tensor = engine::make_tensor(engine::DType::f32, {}, engine::DeviceType::meta);
    uses_[tensor.body()] = use;
    return tensor;
  }

  // A call that returns one list: its elements; otherwise its tensors by place.
  Use result_at(const corpora::TensorRef& ref) const {
    const auto call = static_cast<size_t>(ref.call), index = static_cast<size_t>(ref.index);
    if (call >= made_.returned.size()) throw Misfit{"the call refers to a tensor that is not there"};
    const engine::ir::Node& node = made_.graph.nodes[call];
    const std::vector<engine::Argument>& returns = node.op->schema().returns;
    if (returns.size() == 1 && returns[0].type.kind == engine::TypeKind::list)
      return {node.results[0], static_cast<int32_t>(index)};
    size_t tensors = 0;
    for (size_t i = 0; i < returns.size(); ++i)
      if (returns[i].type.kind == engine::TypeKind::tensor && tensors++ == index)
        return {node.results[i], -1};
    throw Misfit{"the call refers to a tensor that is not there"};
  }

  std::optional<Use> use_of(const engine::Tensor& tensor) {
    if (const auto found = uses_.find(tensor.body()); tensor.defined() && found != uses_.end())
      return found->second;
    made_.others.emplace_back(tensor);
    const Use use{made_.graph.add_input(), -1};
    if (tensor.defined()) uses_[tensor.body()] = use;
    return use;
  }

  const corpora::Case& case_;
  Fitting<engine::Tensor, engine::Device> fitting_;
  EngineGraph made_;
  std::map<std::pair<engine::ir::ValueId, int32_t>, engine::Tensor> placeholders_;
  std::map<const engine::TensorBody*, Use> uses_;
};

}  // namespace

EngineGraph graph_of(const corpora::Case& c, size_t calls, engine::Device device, const OperatorOf& op) {
  GraphBuilder builder(c, device);
  for (size_t i = 0; i < calls; ++i) builder.call(c.calls[i], op(i));
  return builder.take();
}

}  // namespace oracles
