// Memory formats: the strides that a format requires.
#pragma once

#include "engine/core/layout.h"
#include "engine/core/shape.h"
#include "engine/core/tensor.h"

namespace engine::ops {

// Refuses channels_last for ranks other than 4 and channels_last_3d for ranks other than 5. Without a model,
// also refuses preserve.
Dims strides_for(MemoryFormat format, IntSpan sizes);
Dims strides_for(MemoryFormat format, const Tensor& model);
// The format that copies and concatenations of ATen take from the strides: channels last if they are
// unambiguously so, otherwise contiguous.
MemoryFormat suggested_format(const Tensor& tensor);
// Whether the elements are in memory as the format requires, without gaps.
bool is_contiguous_as(MemoryFormat format, const Tensor& tensor);

}  // namespace engine::ops
