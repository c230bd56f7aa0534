// Wrapper tensors: a tensor without data that represents an inner tensor, with the interpreter that answers
// calls with it. The dispatcher's layers above Python see its sizes, strides, dtype, device and lazy bits.
// They leave the bits to the interpreter, whose inner tensor has them, too. Promises: a kernel that gets a
// wrapper by accident raises, since it has no data.
#pragma once

#include "engine/core/each_tensor.h"
#include "engine/python/interpreter.h"

namespace engine {

// A new wrapper of `inner` on a device, over a storage without data. The interpreter must outlive it.
Tensor make_wrapper(Interpreter& interpreter, const Tensor& inner, Storage storage, Device device);

// Null for tensors that are not wrappers.
Interpreter* interpreter_of(const Tensor& tensor);
// The inner tensor of a wrapper; any other tensor itself.
const Tensor& unwrapped(const Tensor& tensor);

}  // namespace engine
