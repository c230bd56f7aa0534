// Snapshots of the engine's tensors and results, as plain data.
#pragma once

#include "engine/core/small_vector.h"
#include "oracles/outcome.h"
#include "oracles/subjects/engine/engine_inputs.h"

namespace oracles {

class EngineSnapshots {
 public:
  EngineSnapshots(const EngineInputs& inputs, int32_t case_storages)
      : inputs_(inputs), names_(inputs, case_storages) {}
  // Adds the tensors that it finds to `tensors`.
  void result(const engine::Value& value, Result& made, engine::SmallVector<engine::Tensor, 2>& tensors);
  void tensor(const engine::Tensor& tensor, TensorSnapshot& shot);

 private:
  void wrapper(const engine::Tensor& tensor, TensorSnapshot& shot) const;

  const EngineInputs& inputs_;
  RunNames names_;
};

}  // namespace oracles
