// Snapshots of what libtorch returned, as plain data. What cannot be read by metadata and memory is opaque.
#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/core/ivalue.h>

#include "oracles/outcome.h"
#include "oracles/subjects/torch/inputs.h"

namespace oracles::aten {

// The values of a tensor that has memory, with its geometry.
TensorSnapshot values_of(const c10::TensorImpl& impl, engine::DType dtype);

class Snapshots {
 public:
  Snapshots(const Inputs& inputs, int32_t case_storages)
      : inputs_(inputs), names_(inputs, case_storages), unwraps_(inputs.wraps) {}

  // Adds the tensors that it finds to `tensors`.
  void result(const c10::IValue& value, Result& made, engine::SmallVector<at::Tensor, 2>& tensors);
  // Of a wrapper, what it wraps.
  void tensor(const at::Tensor& passed, TensorSnapshot& shot);

 private:
  const Inputs& inputs_;
  RunNames names_;
  bool unwraps_;
};

}  // namespace oracles::aten
