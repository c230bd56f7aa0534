// EngineGradients: transforms a case's inputs so that their storages require grad. Each storage of real or
// complex numbers becomes a recorded copy of a leaf, and the inputs become recorded views of that copy. So a
// program may write its inputs, and inputs may share memory, as in a run without gradients; a gradient is
// that of a storage's elements. The layers `constant`, `leaf` and `unrecorded` change this:
//   constant     the storage is a copy of a tensor that requires no grad, until a call writes it
//   leaf         the inputs are views of the leaf itself
//   unrecorded   the inputs are views that were made while grad mode was off
#pragma once

#include <span>
#include <vector>

#include "engine/autograd/backward.h"
#include "oracles/outcome.h"
#include "oracles/subjects/engine/engine_inputs.h"

namespace oracles {

class EngineGradients {
 public:
  // With lazy bits in `path`, the leaf has the logical values.
  EngineGradients(engine::Dispatcher& dispatcher, EngineInputs& inputs, const corpora::Case& c,
                  const corpora::Image& image, const corpora::Path& path);

  // Call it after each call, with the tensors that the call returned.
  void seed(size_t call, std::span<const engine::Tensor> results);
  // With the layer `second`, the gradients of the weighted sum of all gradients.
  BackwardOutcome run() const;

 private:
  using Seeds = std::vector<engine::autograd::Seed>;
  void run_twice() const;
  void run_second() const;

  engine::Dispatcher& dispatcher_;
  const EngineInputs& inputs_;
  std::vector<engine::Tensor> leaves_;  // by storage; undefined for integers and constants
  Seeds seeds_;                         // with half the cotangents, or all of them if `second_`
  int32_t incoming_ = -1;  // the draw of how incoming gradients are stored, and which are undefined
  bool second_ = false;
};

}  // namespace oracles
