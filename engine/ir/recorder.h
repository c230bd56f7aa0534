// Recorder: runs calls and records them as a graph.
//   Recorder recorder({a, b});  recorder.call(op, stack); ...  recorder.graph()
// Promises: a tensor that is an input or that an earlier call returned is a use of that value; a different
// tensor is a constant of the graph. A call that raises is not recorded. The graph has no outputs until some
// are set.
#pragma once

#include <functional>
#include <unordered_map>

#include "engine/ir/graph.h"

namespace engine::ir {

// An argument as an operand. `use_of` gives the value that a tensor is in the graph; nothing: it is a
// constant.
using UseOf = std::function<std::optional<Use>(const Tensor&)>;
Operand operand_of(const Value& argument, const UseOf& use_of);

class Recorder {
 public:
  explicit Recorder(std::vector<Tensor> inputs);

  // Runs the call: the results replace the arguments.
  void call(const Operator& op, Stack& stack);
  const Graph& graph() const { return graph_; }
  // The value that the tensor has in the graph; nothing if it has none.
  std::optional<Use> use_of(const Tensor& tensor) const;
  void return_value(const Tensor& tensor) { graph_.outputs.push_back(use_of(tensor).value()); }

 private:
  void name(const Value& value, ValueId id);

  Graph graph_;
  std::unordered_map<const TensorBody*, Use> uses_;
  std::vector<Value> kept_;  // a tensor's address names it
};

}  // namespace engine::ir
