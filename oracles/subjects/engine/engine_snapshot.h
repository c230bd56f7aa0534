// Snapshots of the engine's tensors, and of what a call did to the inputs of its case. Reads memory by
// metadata and resolves lazy bits itself: no operator runs.
#pragma once

#include <vector>

#include "oracles/outcome.h"
#include "oracles/subjects/engine/engine_dress.h"

namespace oracles {

// Names storages and tensors for one run: the case's own first, fresh ones in order of appearance.
class EngineSnapshots {
 public:
  EngineSnapshots(const DressedForEngine& dressed, int32_t case_storages);
  // Tensors met are added to `tensors`, lists element by element.
  Result result(const engine::Value& value, std::vector<engine::Tensor>& tensors);
  TensorSnapshot tensor(const engine::Tensor& tensor);

 private:
  int32_t storage_index(const engine::Storage& storage);

  std::vector<std::pair<const engine::StorageBlock*, int32_t>> storages_;
  std::vector<engine::Tensor> inputs_;
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
  std::vector<uint32_t> versions_;
  std::vector<bool> changed_;  // by dressed storage, in the call at hand
};

}  // namespace oracles
