// Resolving: plain tensors in the place of those whose elements are not what memory holds: ZeroTensors, lazy
// negatives, lazy conjugates. What fallbacks do before kernels that know nothing of such bits.
// Promises: a plain tensor has the sizes and strides of what it stands for, so that a kernel plans the same
// result; it is made below the layer that asks, so that nobody above it sees a call; a list that a caller
// still holds is not written. Needs aten::empty_strided, aten::clone and aten::copy_ in the dispatcher.
#pragma once

#include <span>
#include <vector>

#include "engine/core/each_tensor.h"
#include "engine/dispatch/kernel.h"

namespace engine::ops {

// Fresh memory with the elements that `dressed` shows, without any lazy bit. `layer` is the key that asks.
Tensor resolved(Dispatcher& dispatcher, const Tensor& dressed, DispatchKey layer);

// The elements of `from`, as it shows them, become those of `to`: from below the layer, too.
void copy_below(Dispatcher& dispatcher, const Tensor& to, const Tensor& from, DispatchKey layer);

// A tensor that the call writes, and the plain one that kernels write in its place.
struct Written {
  Tensor original, plain;
  int64_t offset;  // where the plain one began
};

// Puts plain tensors in the place of those that carry `layer`'s bit. What is written to the plain ones of the
// result has yet to be written back. The arguments of a mere view stay: its results show the bit. Refuses an
// argument that a result may view where the operator does more than that.
std::vector<Written> resolve_arguments(const Call& call, std::span<Value> arguments, DispatchKey layer);

// Puts change(tensor) in the place of each tensor in `value`, a list or not, for which wanted(tensor) is
// true.
template <class Wanted, class Change>
void replace_tensors(Value& value, const Wanted& wanted, const Change& change) {
  bool any = false;
  for_each_tensor(value, [&](const Tensor& tensor) { any = any || wanted(tensor); });
  if (!any) return;
  change_each_tensor(value, [&](Tensor& tensor) {
    if (wanted(tensor)) tensor = change(tensor);
  });
}

}  // namespace engine::ops
