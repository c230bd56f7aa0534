// Batch: the inputs of a program that runs once for a whole batch (vmap): batched tensors over the copies of
// their storages (oracles/trial/batching.h). While a Batch exists, calls of this thread are batched.
#pragma once

#include <ATen/core/Tensor.h>

#include <array>

#include "oracles/trial/batching.h"

namespace oracles::aten {

class Inputs;
struct Seen;

class Batch {
 public:
  explicit Batch(const corpora::Path& path);
  ~Batch();
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;

  const Batching& batching() const { return batching_; }
  // Replaces the inputs on storages with such layers by batched tensors.
  void wrap(Inputs& inputs, const LayersByStorage& layers) const;
  // The chosen example of a tensor.
  Seen chosen_of(const at::Tensor& tensor) const;

 private:
  Batching batching_;
  size_t depth_;                     // of the thread's stack of vmaps before
  std::array<int64_t, 2> levels_{};  // PyTorch's numbers of the outer and the inner vmap
};

}  // namespace oracles::aten
