// Lanes: the operands of one walk over elements, as memory and strides: all that a machine needs of them.
// Promises: a simplified walk visits the same elements of each lane. It has no dimensions of size 1, adjacent
// dimensions are joined where every lane allows it, and the result's smallest stride is innermost.
#pragma once

#include <cstddef>
#include <span>

#include "engine/core/dtype.h"
#include "engine/core/scalar.h"
#include "engine/core/shape.h"
#include "engine/core/tensor.h"
#include "engine/kernels/compute_type.h"

namespace engine {

struct Lane {
  std::byte* data = nullptr;  // null for a number
  DType dtype = DType::f32;
  Dims strides = {};   // in elements, one for each dimension of the walk; 0 where the operand broadcasts
  bool round = false;  // loaded elements are rounded to the common dtype
  int64_t width() const { return static_cast<int64_t>(size_of(dtype)); }
};

// The tensor itself, or a view of a 0-dim tensor with one dimension of size 1.
Tensor with_dimension(const Tensor& tensor);
// Strides of a view broadcast to the sizes `wanted`: 0 where elements are repeated.
Dims broadcast_strides(IntSpan sizes, IntSpan strides, IntSpan wanted);
// The strides of the first `rank` dimensions, 0 for `dim`.
Dims strides_beside(const Tensor& tensor, size_t dim, size_t rank);
// The lane of a tensor broadcast to `sizes`.
Lane lane_of(const Tensor& tensor, IntSpan sizes);

// Writes a number as an element of the compute type.
void number_as(ComputeType type, const Scalar& number, std::byte* element);

// lanes[0] is the result. At least one dimension is left.
void simplify(Dims& sizes, std::span<Lane> lanes);

}  // namespace engine
