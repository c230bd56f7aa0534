// propagate(): runs a graph with fake tensors, node by node, and keeps what each node gave: sizes, strides,
// dtype and device, for any device and with symbolic sizes. Promises: a constant tensor of the graph is
// converted once; a fake value is a snapshot, which later nodes do not change.
#pragma once

#include <vector>

#include "engine/core/symbolic_geometry.h"
#include "engine/fake/fake_mode.h"
#include "engine/ir/graph.h"

namespace engine::fake {

struct FakeValue {
  DType dtype;
  Device device;
  SymDims sizes, strides;
  SymInt offset;
  bool requires_grad;
};
FakeValue fake_value(const Tensor& fake);

// The tensors of each node's results. `inputs` are fakes of the mode, one for each input of the graph.
// Constants and device arguments of factories are on `device`.
std::vector<std::vector<FakeValue>> propagate(const ir::Graph& graph, FakeMode& mode,
                                              const std::vector<Tensor>& inputs, Device device);

}  // namespace engine::fake
