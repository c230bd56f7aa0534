// Wrapper tensors: a tensor of its own, without data, that stands for another one and names the interpreter
// that answers calls with it. Its sizes, strides, dtype and device are what the dispatcher's layers above
// Python see; its lazy bits are its inner tensor's business and not its own. Promises: a wrapper cannot be
// computed with by accident: it has no data to give.
#pragma once

#include "engine/python/interpreter.h"

namespace engine {

// A new wrapper of `inner`, over a storage without data. The interpreter must outlive it.
Tensor make_wrapper(Interpreter& interpreter, const Tensor& inner, Storage storage);

// Null for tensors that are no wrappers.
Interpreter* interpreter_of(const Tensor& tensor);
// What a wrapper stands for; any other tensor itself.
const Tensor& unwrapped(const Tensor& tensor);

// The tensors of a value, one after the other, undefined ones left out: `visit` may replace them where the
// value is not const.
template <class Visit>
void for_each_tensor(const Value& value, Visit&& visit) {
  if (value.is_tensor() && value.tensor().defined()) visit(value.tensor());
  if (value.is(ValueTag::tensors))
    for (const Tensor& each : value.tensors())
      if (each.defined()) visit(each);
  if (value.is(ValueTag::optional_tensors))
    for (const std::optional<Tensor>& each : value.optional_tensors())
      if (each && each->defined()) visit(*each);
}
template <class Change>
void change_each_tensor(Value& value, Change&& change) {
  if (value.is_tensor() && value.tensor().defined()) change(value.tensor());
  if (value.is(ValueTag::tensors))
    for (Tensor& each : value.mutable_tensors())
      if (each.defined()) change(each);
  if (value.is(ValueTag::optional_tensors))
    for (std::optional<Tensor>& each : value.mutable_optional_tensors())
      if (each && each->defined()) change(*each);
}

}  // namespace engine
