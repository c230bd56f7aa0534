// EngineGradients: a dressed case whose storages require grad. The memory of each storage of reals or complex
// numbers becomes a copy, made by a recorded call, of a leaf; the inputs become recorded views of that copy.
// A constant storage is copied from what requires no grad: its views learn of one when a call writes it, and
// cannot where they were made while nothing was recorded. The inputs of a leaf storage are views of the leaf
// itself. So, but for leaves and for views of those others, a program may write its inputs, and inputs may
// share memory, as in a run without gradients, and a gradient is one of the storage's elements.
#pragma once

#include <span>
#include <vector>

#include "engine/autograd/backward.h"
#include "oracles/outcome.h"
#include "oracles/subjects/engine/engine_inputs.h"

namespace oracles {

class EngineGradients {
 public:
  // `path` may dress storages in lazy bits, too: the leaf has the logical values.
  EngineGradients(engine::Dispatcher& dispatcher, EngineInputs& inputs, const corpora::Case& c,
                  const corpora::Image& image, const corpora::Path& path);

  // Behind each call, with the tensors that it returned.
  void seed(size_t call, std::span<const engine::Tensor> results);
  BackwardOutcome run() const;

 private:
  engine::Dispatcher& dispatcher_;
  const EngineInputs& inputs_;
  std::vector<engine::Tensor> leaves_;  // by storage of the case; undefined for integers and constants
  std::vector<engine::autograd::Seed> seeds_;
};

}  // namespace oracles
