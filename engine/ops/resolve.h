// Resolving: replaces tensors whose elements are not what memory holds (ZeroTensors, lazy negatives, lazy
// conjugates) by plain tensors, for kernels that do not know these bits.
// Promises: a plain tensor has the sizes and strides of the original, so that a kernel plans the same result;
// it is made below the calling layer, so that no layer above sees a call; a list that a caller still holds is
// not changed. Needs aten::empty_strided, aten::clone and aten::copy_ in the dispatcher.
#pragma once

#include <span>
#include <vector>

#include "engine/core/each_tensor.h"
#include "engine/dispatch/kernel.h"

namespace engine::ops {

// New memory with the values of `lazy`, without any lazy bit.
Tensor resolved(Dispatcher& dispatcher, const Tensor& lazy, DispatchKey layer);

// Copies values through the lazy bits of both, below the layer.
void copy_below(Dispatcher& dispatcher, const Tensor& to, const Tensor& from, DispatchKey layer);

// A tensor that the call writes, and the plain tensor that kernels write instead.
struct Written {
  Tensor original, plain;
  int64_t offset;  // of `plain` before the call
};

// Replaces tensors that have `layer`'s bit by plain ones, except wrappers (engine/python). The caller writes
// back what kernels write to the returned ones. The arguments of an operator that only returns views stay:
// its results have the bit. Refuses an argument that a result may view if the operator does more than that.
std::vector<Written> resolve_arguments(const Call& call, std::span<Value> arguments, DispatchKey layer);

// Replaces each tensor in `value`, a list or not, for which wanted(tensor) is true, by change(tensor).
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
