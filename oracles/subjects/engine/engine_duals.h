// EngineDuals: transforms a case's inputs into dual tensors, with the tangents of the layer dual(n). The base
// of each storage is dual and the inputs are recorded views of it, so that inputs which share memory share
// its tangent.
#pragma once

#include <span>

#include "engine/autograd/forward_mode.h"
#include "oracles/outcome.h"
#include "oracles/subjects/engine/engine_inputs.h"

namespace oracles {

class EngineDuals {
 public:
  EngineDuals(engine::Dispatcher& dispatcher, EngineInputs& inputs, const corpora::Case& c);

  // Call it after each call, with the tensors that the call returned.
  void after_call(std::span<const engine::Tensor> results);
  // Of all results, in order.
  BackwardOutcome tangents() { return std::move(tangents_); }

 private:
  engine::Dispatcher& dispatcher_;
  const EngineInputs& inputs_;
  int32_t storages_;
  engine::autograd::DualLevel level_;
  BackwardOutcome tangents_;
};

}  // namespace oracles
