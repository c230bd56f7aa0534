// Geometry rules: strides of results, and where views may lie.
#pragma once

#include <optional>
#include <span>

#include "engine/core/tensor.h"
#include "engine/ops/call_arguments.h"
#include "engine/ops/plan.h"

namespace engine::ops {

// Dense strides for an order of dimensions.
Dims strides_in_order(IntSpan sizes, std::span<const size_t> innermost_first);
// The strides of a new pointwise result, in the memory order of its operands, which broadcast to `sizes`.
Dims pointwise_strides(IntSpan sizes, std::span<const Tensor* const> operands);
// Dense strides in the memory order of one tensor: what clone and the ..._like operators preserve.
Dims preserved_strides(const Tensor& tensor);
// The strides of a view of the same elements in different sizes; nothing if it needs a copy.
std::optional<Dims> viewed_strides(IntSpan sizes, IntSpan strides, IntSpan wanted);

// Whether two indices reach the same element; true for huge views that may overlap.
bool overlaps_itself(const Tensor& tensor);
// Refuses to write such a tensor.
void refuse_self_overlap(const Tensor& written);
// What two tensors share: nothing, all elements at the same indices, some elements, or possibly some.
enum class Overlap : uint8_t { none, full, partial, unclear };
Overlap overlap_of(const Tensor& a, const Tensor& b);

// The device of the call's tensors, cpu without tensors. Of several operands, 0-dim CPU tensors go with any
// device; one operand decides, whatever the out= tensor is. Refuses two devices.
Device common_device(const CallArguments& args);
[[noreturn]] void refuse_devices(Device one, Device other);

}  // namespace engine::ops
