// backward: runs a recorded computation backwards from given gradients, and adds what arrives at each leaf to
// the leaf's gradient. Promises: a node runs once in a pass, after all its gradients have arrived; nothing is
// recorded meanwhile; the recording stays and can be run again. Refuses, by Error, a seed that requires no
// grad, a saved tensor that was written after it was saved, and an operator without a derivative.
#pragma once

#include <span>

#include "engine/autograd/node.h"

namespace engine::autograd {

// A gradient and the edge_of() its tensor.
struct Seed {
  Edge at;
  Tensor gradient;
};

void backward(Dispatcher& dispatcher, std::span<const Seed> seeds);
void backward(Dispatcher& dispatcher, const Tensor& result, const Tensor& gradient);

}  // namespace engine::autograd
