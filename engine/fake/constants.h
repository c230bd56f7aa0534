// Constants: real tensors of at most one element whose values fake tensors keep, so that a number that a
// program writes down can be read back. Promises: a constant has the value that the real tensor would have;
// after a write whose value is not known, no tensor that shares the storage has a constant, whichever of them
// was written.
#pragma once

#include "engine/core/tensor.h"

namespace engine::fake {

constexpr int64_t constant_elements_max = 1;

// Undefined if its value is not known.
Tensor constant_of(const Tensor& fake);
// `value` is shared with nothing but other constants.
void keep_constant(const Tensor& fake, Tensor value);
// Of all fakes with this storage.
void forget_constants(const Storage& storage);

}  // namespace engine::fake
