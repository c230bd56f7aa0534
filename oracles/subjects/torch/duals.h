// Duals: gives the inputs of a run the tangents of dual(n) (tangents.h), and collects those of its results.
// Inputs keep their identity, geometry and memory. An input without a tangent stays a plain tensor: where
// a formula needs its tangent, libtorch uses a ZeroTensor.
#pragma once

#include <span>

#include "oracles/outcome.h"
#include "oracles/subjects/torch/inputs.h"

namespace oracles::aten {

class Duals {
 public:
  Duals(Inputs& inputs, const corpora::Case& c);
  ~Duals();
  Duals(const Duals&) = delete;
  Duals& operator=(const Duals&) = delete;

  // Call it after each call that returned, with the tensors that it returned.
  void after_call(std::span<const at::Tensor> results);
  // In place of gradients: the tangent of each result, in order; undefined where nothing flows.
  BackwardOutcome tangents() { return std::move(tangents_); }

 private:
  Inputs& inputs_;
  int32_t storages_;
  uint64_t level_;
  BackwardOutcome tangents_;
};

}  // namespace oracles::aten
