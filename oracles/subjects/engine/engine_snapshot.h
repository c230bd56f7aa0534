// Snapshots of the engine's tensors, and of what a call did to the inputs of its case. Reads memory by
// metadata and resolves lazy bits itself: no operator runs.
#pragma once

#include "engine/core/few.h"
#include "oracles/outcome.h"
#include "oracles/subjects/engine/engine_dress.h"

namespace oracles {

// Tensors that a call returned, lists element by element.
using ReturnedTensors = engine::Few<engine::Tensor, 2>;

// Names storages and tensors for one run: the case's own first, fresh ones in order of appearance.
class EngineSnapshots {
 public:
  EngineSnapshots(const DressedForEngine& dressed, int32_t case_storages);
  // Tensors met are added to `tensors`.
  void result(const engine::Value& value, Result& made, ReturnedTensors& tensors);
  void tensor(const engine::Tensor& tensor, TensorSnapshot& shot);

 private:
  int32_t storage_index(const engine::Storage& storage);

  engine::Few<std::pair<const engine::StorageBlock*, int32_t>> storages_;
  engine::Few<engine::Tensor> inputs_;
  int32_t next_storage_ = 0;
};

class EngineChanges {
 public:
  explicit EngineChanges(DressedForEngine& dressed);
  // What changed since the last time. With `more_calls` the present state becomes what the next is measured
  // by.
  void record(CallOutcome& call, EngineSnapshots& snapshots, bool more_calls);

 private:
  void settle();

  DressedForEngine& dressed_;
  engine::Few<uint32_t> versions_;
  engine::Few<bool> changed_;  // by dressed storage, in the call at hand
};

}  // namespace oracles
