// Graph: a recorded program, to be propagated with fake tensors. GraphRecorder runs calls and records them;
// propagate() runs them again in a fake mode, node by node, and keeps what each node gave: sizes, strides,
// dtype and device, for any device and with symbolic sizes. Promises: a tensor that no input and no node gave
// is a constant of the graph, and is converted once; a fake value is a snapshot, which later nodes do not
// change.
#pragma once

#include <vector>

#include "engine/core/symbolic_geometry.h"
#include "engine/dispatch/operator.h"
#include "engine/fake/fake_mode.h"

namespace engine::fake {

struct GraphNode {
  Operator op;
  Stack arguments, results;  // of the recorded run, whose tensors name the values
};

struct Graph {
  std::vector<Tensor> inputs;
  std::vector<GraphNode> nodes;
};

class GraphRecorder {
 public:
  explicit GraphRecorder(std::vector<Tensor> inputs) : graph_{std::move(inputs), {}} {}

  // Runs the call: the results replace the arguments.
  void call(const Operator& op, Stack& stack);
  const Graph& graph() const { return graph_; }

 private:
  Graph graph_;
};

struct FakeValue {
  DType dtype;
  Device device;
  SymDims sizes, strides;
  SymInt offset;
  bool requires_grad;
};
FakeValue fake_value(const Tensor& fake);

// The tensors of each node's results. `inputs` are fakes of the mode, one for each input of the graph. With
// `device`, constants and device arguments of factories are on that device.
std::vector<std::vector<FakeValue>> propagate(const Graph& graph, FakeMode& mode,
                                              const std::vector<Tensor>& inputs, Device device);

}  // namespace engine::fake
