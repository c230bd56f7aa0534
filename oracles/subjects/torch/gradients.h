// Gradients: makes the inputs of a run require grad, and runs its results backwards. Promises: inputs keep
// their geometry and memory; no operator makes them. An input is the output of a node of ours, which keeps
// the gradient that arrives, so a call may write it like a result of an earlier call. The gradient of a
// storage is the sum of those of its inputs, element by element. Layers:
//   constant   inputs on the storage require no grad
//   leaf       inputs on the storage are leaves, which no call may write
#pragma once

#include <torch/csrc/autograd/edge.h>

#include <memory>
#include <span>
#include <vector>

#include "oracles/gradients/cotangents.h"
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
  // whose gradient a declaration may cut is opaque.
  BackwardOutcome run(bool library_operators);

 private:
  struct Sinks;  // where the gradients of inputs arrive
  // How the gradient of a result is stored. If all its elements are equal, the first form is expanded.
  enum class Form : uint8_t { plain, strided, lazy };
  struct Root {  // a result
    torch::autograd::Edge edge;
    engine::DType dtype;
    engine::Dims sizes;
    size_t call, index;
  };
  static at::Tensor incoming_gradient(const Root& root, Form form);

  void cut(const torch::autograd::Edge& argument);
  size_t storage_of(size_t input) const;
  void run_once(Form form, std::vector<TensorSnapshot>& gradients);
  void add_gradient(const Inputs::Input& input, const at::Tensor& received, TensorSnapshot& sum);

  const Inputs& inputs_;
  const corpora::Case& case_;
  std::unique_ptr<Sinks> sinks_;
  std::vector<torch::autograd::Edge> arguments_;  // of the current call, those that require grad
  std::vector<Root> roots_;
  std::vector<bool> cut_;  // by storage
  // Results that may depend on inputs although they require no grad; the run keeps them alive.
  std::vector<const void*> without_history_;
};

}  // namespace oracles::aten
