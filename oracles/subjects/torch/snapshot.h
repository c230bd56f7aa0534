// Snapshot: what libtorch returned, as plain data. Reads tensors by their metadata and memory only: no
// operator runs, no dispatch key matters. Promises: never reads outside a storage; what cannot be read is
// opaque.
#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/core/ivalue.h>

#include <vector>

#include "oracles/outcome.h"
#include "oracles/subjects/torch/dress.h"

namespace oracles::aten {

inline engine::Dims dims_of(c10::IntArrayRef values) { return {values.begin(), values.end()}; }

// Names storages and tensors for one run: the case's own first, fresh ones in order of appearance.
class Snapshots {
 public:
  Snapshots(const Dressed& dressed, int32_t case_storages);

  Result result(const c10::IValue& value, std::vector<at::Tensor>& tensors);
  TensorSnapshot tensor(const at::Tensor& tensor);

 private:
  int32_t storage_index(const c10::StorageImpl* storage);
  void add_values(const c10::TensorImpl& impl, TensorSnapshot& shot) const;

  std::vector<std::pair<const c10::StorageImpl*, int32_t>> storages_;
  std::vector<const c10::TensorImpl*> inputs_;
  int32_t next_storage_ = 0;
};

}  // namespace oracles::aten
