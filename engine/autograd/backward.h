// backward: runs a recorded computation backwards from where gradients are given, and sums what arrives at
// each leaf onto what is there. Promises: a node runs once in a pass, when all its gradients have arrived;
// nothing is recorded meanwhile; what was recorded stays and may be run again. Refuses, by Error, a place
// that requires no grad, and what a node refuses: a saved tensor that was written since, an operator without
// a derivative.
#pragma once

#include <span>

#include "engine/autograd/node.h"

namespace engine::autograd {

// A gradient and where it begins: edge_of() a tensor.
struct Seed {
  Edge at;
  Tensor gradient;
};

void backward(Dispatcher& dispatcher, std::span<const Seed> seeds);
void backward(Dispatcher& dispatcher, const Tensor& result, const Tensor& gradient);

}  // namespace engine::autograd
