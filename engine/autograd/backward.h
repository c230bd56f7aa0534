// backward and grad: run a recorded computation backwards from given gradients. backward() adds what arrives
// at each leaf to the leaf's gradient; grad() returns what arrives at chosen tensors, and changes no leaf.
// Promises: a node runs once in a pass, after all its gradients have arrived; a pass through any number of
// nodes does not recurse; with `create_graph`, what the pass computes is recorded, so that it can be
// differentiated again. Refuses, by Error, a seed that requires no grad, a saved tensor that was written
// after it was saved, a recording that an earlier pass released, and an operator without a derivative.
#pragma once

#include <span>

#include "engine/autograd/node.h"

namespace engine::autograd {

// A gradient and the edge_of() its tensor.
struct Seed {
  Edge at;
  Tensor gradient;
};

struct PassOptions {
  bool create_graph = false;  // records the pass
  bool retain_graph = true;   // keeps what nodes saved, so that the recording can be run again
  bool allow_unused = false;  // grad() returns an undefined gradient if none arrives, instead of raising
};

void backward(Dispatcher& dispatcher, std::span<const Seed> seeds, PassOptions options = {});
void backward(Dispatcher& dispatcher, const Tensor& result, const Tensor& gradient, PassOptions options = {});

// The gradients of `inputs`, which may be results of recorded calls. Only nodes between them and the seeds
// run.
Gradients grad(Dispatcher& dispatcher, std::span<const Seed> seeds, std::span<const Tensor> inputs,
               PassOptions options = {});

}  // namespace engine::autograd
