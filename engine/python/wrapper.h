// Wrapper tensors: a tensor of its own, without data, that stands for another one and names the interpreter
// that answers calls with it. Its sizes, strides, dtype and device are what the dispatcher's layers above
// Python see; its lazy bits are its inner tensor's business and not its own. Promises: a wrapper cannot be
// computed with by accident: it has no data to give.
#pragma once

#include "engine/core/each_tensor.h"
#include "engine/python/interpreter.h"

namespace engine {

// A new wrapper of `inner`, over a storage without data. The interpreter must outlive it.
Tensor make_wrapper(Interpreter& interpreter, const Tensor& inner, Storage storage);

// Null for tensors that are no wrappers.
Interpreter* interpreter_of(const Tensor& tensor);
// What a wrapper stands for; any other tensor itself.
const Tensor& unwrapped(const Tensor& tensor);

}  // namespace engine
