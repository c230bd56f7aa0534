// Gradients: makes the inputs of a run require grad, and runs its results backwards. Promises: inputs keep
// their geometry and memory; no operator makes them. An input is the output of a node of ours, which keeps
// the gradient that arrives, so a call may write it like a result of an earlier call. The gradient of a
// storage is the sum of those of its inputs, element by element. Layers:
//   constant   inputs on the storage require no grad
//   leaf       inputs on the storage are leaves, which no call may write
//   incoming   some incoming gradients are undefined, and all are stored as drawn (incoming_draw.h)
//   overwritten  before the backward pass, the memory of an input or result is written (overwritten_target)
//   second     the weighted sum of the gradients (gradient_weights) is run backwards, too
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "oracles/subjects/torch/incoming_gradients.h"
#include "oracles/subjects/torch/inputs.h"
#include "oracles/subjects/torch/snapshot.h"

namespace oracles::aten {

class Gradients {
 public:
  Gradients(Inputs& inputs, const corpora::Case& c, const corpora::Path& path);
  ~Gradients();
  Gradients(const Gradients&) = delete;
  Gradients& operator=(const Gradients&) = delete;

  // Call it before each call, with its arguments.
  void before_call(const torch::jit::Stack& arguments, size_t count);
  // Call it after each call that returned, with the tensors that it returned. `may_cut`: the operator may
  // declare that no gradient passes through an argument or a result.
  void after_call(size_t call, std::span<const at::Tensor> results, bool may_cut);
  // Runs backwards several times along the same graph, with incoming gradients in different memory. A storage
  // whose gradient a declaration may cut is opaque. Not implemented if a node of the graph only raises.
  BackwardOutcome run(bool library_operators);

 private:
  struct Graph;  // the nodes of inputs and results

  void cut(size_t argument);
  void overwrite();
  size_t storage_of(size_t input) const;
  // What runs backwards: edges with their incoming gradients.
  struct Pass;
  Pass pass_with(GradientForm form) const;
  Pass drawn_pass(size_t pass) const;
  Pass second_pass(bool library_operators);
  void run_once(const Pass& pass, std::vector<TensorSnapshot>* gradients, bool create_graph = false);
  void collect(std::vector<TensorSnapshot>& gradients);
  at::Tensor received(size_t input) const;
  void add_gradient(const Inputs::Input& input, const at::Tensor& received, TensorSnapshot& sum);

  const Inputs& inputs_;
  const corpora::Case& case_;
  std::unique_ptr<Graph> graph_;
  std::vector<bool> cut_;  // by storage
  int32_t draw_ = -1;      // of `incoming`
  int32_t overwritten_ = -1;
  std::vector<at::Tensor> results_;  // with `overwritten`
  bool second_ = false;
  // Results that may depend on inputs although they require no grad; the run keeps them alive.
  std::vector<const void*> without_history_;
};

}  // namespace oracles::aten
