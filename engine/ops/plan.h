// Plan: what a call's results will look like: what a rule says, and what allocation, meta kernels and fake
// tensors go by.
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
  int of_argument = -1;  // a view of this argument's storage; in a list, `of_element` of it
  int of_element = -1;
  KeySet toggled = {};       // keys in which the view differs from what it views
  bool is_zero = false;      // fresh, and a ZeroTensor
  bool is_argument = false;  // not a view of it: the argument itself
};

using Plan = SmallVector<PlannedTensor, 1>;  // unlike a vector, it takes no element of its own to emplace

// A fresh contiguous tensor.
inline PlannedTensor fresh(DType dtype, Dims sizes, Device device) {
  Dims strides = contiguous_strides(sizes);
  return {dtype, std::move(sizes), std::move(strides), device};
}

}  // namespace engine::ops
