// Saved-tensor hooks: functions of a scope that change how nodes store the tensors whose elements they save,
// such as on a disk. Promises: `pack` is called once for each saved tensor, and `unpack` each time a formula
// reads it; both run without recording. A packed tensor has no version check: pack() must take a copy if that
// is wanted.
#pragma once

#include <functional>

#include "engine/core/value.h"

namespace engine::autograd {

using PackTensor = std::function<Value(const Tensor&)>;
using UnpackTensor = std::function<Tensor(const Value&)>;

struct PackedTensor {
  size_t number;  // among the tensors of the arguments and results
  Value packed;
  UnpackTensor unpack;
};

class SavedTensorHooks {
 public:
  SavedTensorHooks(PackTensor pack_tensor, UnpackTensor unpack_tensor)
      : pack(std::move(pack_tensor)), unpack(std::move(unpack_tensor)), outer_(innermost_) {
    innermost_ = this;
  }
  ~SavedTensorHooks() { innermost_ = outer_; }
  SavedTensorHooks(const SavedTensorHooks&) = delete;
  SavedTensorHooks& operator=(const SavedTensorHooks&) = delete;

  static const SavedTensorHooks* current() { return innermost_; }

  const PackTensor pack;
  const UnpackTensor unpack;

 private:
  static inline thread_local const SavedTensorHooks* innermost_ = nullptr;
  const SavedTensorHooks* outer_;
};

}  // namespace engine::autograd
