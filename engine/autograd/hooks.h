// Hooks: functions that a backward pass calls when gradients are complete. Promises: hooks of a tensor run in
// the order in which they were added, before the gradient is retained, before it is captured by grad(), and
// before the node runs; hooks of a node run after it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "engine/core/tensor.h"

namespace engine::autograd {

using Gradients = std::vector<Tensor>;  // undefined: no gradient flows

// Returns the gradient to go on with; an undefined tensor keeps the one that was given.
using TensorHook = std::function<Tensor(const Tensor& gradient)>;
// May change the gradients that the node found for its arguments.
using NodeHook = std::function<void(Gradients& found, const Gradients& arrived)>;

// The gradient of a tensor that is not a leaf, for retain_gradient().
struct RetainedGradient : RefCounted {
  Tensor gradient;
};

struct NodeHooks {
  struct OfTensor {
    uint64_t id;
    size_t input;
    TensorHook hook;
  };
  struct Retained {
    size_t input;
    Intrusive<RetainedGradient> to;
  };
  std::vector<OfTensor> of_tensors;
  std::vector<Retained> retained;
  std::vector<NodeHook> after;
  std::string trace;  // of anomaly mode: where the node was recorded
};

}  // namespace engine::autograd
