// Geometry rules: strides of results, and where views may lie.
#pragma once

#include <optional>
#include <span>

#include "engine/core/tensor.h"
#include "engine/ops/call_arguments.h"
#include "engine/ops/plan.h"

namespace engine::ops {

// The strides of a fresh pointwise result: in the memory order of its operands, which broadcast to `sizes`.
Dims pointwise_strides(IntSpan sizes, std::span<const Tensor* const> operands);
// Strides in the memory order of one tensor, dense: what clone and the ..._like operators preserve.
Dims preserved_strides(const Tensor& tensor);
// Strides with which the elements can be seen in other sizes without a copy; nothing when there are none.
std::optional<Dims> viewed_strides(IntSpan sizes, IntSpan strides, IntSpan wanted);

// True when two different indices reach the same element; exact for all but huge views.
bool overlaps_itself(const Tensor& tensor);
// What two tensors have in common: nothing, everything in the same places, some elements, or perhaps some.
enum class Overlap : uint8_t { none, full, partial, unclear };
Overlap overlap_of(const Tensor& a, const Tensor& b);

// The one device that the call's tensors are on: 0-dim CPU tensors go with any. Refuses two. The device of a
// call without tensors is `otherwise`.
Device common_device(const CallArguments& args, Device otherwise = DeviceType::cpu);

}  // namespace engine::ops
