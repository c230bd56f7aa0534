// Memory formats: the strides that a format asks for.
#pragma once

#include "engine/core/layout.h"
#include "engine/core/shape.h"
#include "engine/core/tensor.h"

namespace engine::ops {

// Refuses channels_last for other ranks than 4, channels_last_3d for others than 5, and preserve, which needs
// a tensor to preserve.
Dims strides_for(MemoryFormat format, IntSpan sizes);
Dims strides_for(MemoryFormat format, const Tensor& model);
// The format that the strides speak for: channels last where they say so and nothing else, else contiguous.
// What aten's copies and concatenations go by.
MemoryFormat suggested_format(const Tensor& tensor);
// Whether the elements lie in memory as the format says, without gaps.
bool is_contiguous_as(MemoryFormat format, const Tensor& tensor);

}  // namespace engine::ops
