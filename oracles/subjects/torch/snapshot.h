// Snapshots of what libtorch returned, as plain data. What cannot be read by metadata and memory is opaque.
#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/core/ivalue.h>

#include <vector>

#include "oracles/outcome.h"
#include "oracles/subjects/torch/inputs.h"

namespace oracles::aten {

inline engine::Dims dims_of(c10::IntArrayRef values) { return {values.begin(), values.end()}; }

class Snapshots {
 public:
  Snapshots(const Inputs& inputs, int32_t case_storages) : names_(inputs, case_storages) {}

  // Tensors that are found are added to `tensors`.
  void result(const c10::IValue& value, Result& made, std::vector<at::Tensor>& tensors);
  void tensor(const at::Tensor& tensor, TensorSnapshot& shot);

 private:
  RunNames names_;
};

}  // namespace oracles::aten
