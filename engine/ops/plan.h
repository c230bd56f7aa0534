// Plan: what a call's results will look like. A rule makes it; allocation, meta kernels and fake tensors use
// it.
#pragma once

#include "engine/core/device.h"
#include "engine/core/dtype.h"
#include "engine/core/key_set.h"
#include "engine/core/shape.h"
#include "engine/core/small_vector.h"

namespace engine::ops {

struct PlannedTensor {
  DType dtype = DType::f32;
  Dims sizes = {};
  Dims strides = {};
  Device device = {};
  int64_t offset = 0;
  bool is_view = false;  // of argument 0's storage
  KeySet toggled = {};   // keys in which the view differs from the argument
  bool is_zero = false;  // a new ZeroTensor
};

using Plan = SmallVector<PlannedTensor, 1>;  // emplace_back() must not get one of its own elements

// A new contiguous tensor.
inline PlannedTensor fresh(DType dtype, Dims sizes, Device device) {
  Dims strides = contiguous_strides(sizes);
  return {dtype, std::move(sizes), std::move(strides), device};
}

}  // namespace engine::ops
