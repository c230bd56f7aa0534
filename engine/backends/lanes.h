// Lanes: the operands of one walk over elements, as memory and strides, without what no machine asks.
// Promises: a simplified walk visits the same elements of each lane; dimensions of one are gone, neighbours
// that every lane allows to be joined are one, and the innermost is where the result lies closest.
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
  std::byte* data = nullptr;  // null: a number
  DType dtype = DType::f32;
  Dims strides = {};   // in elements, one for each dimension of the walk; 0 where the operand broadcasts
  bool round = false;  // to what the common dtype can hold, once loaded
  int64_t width() const { return static_cast<int64_t>(size_of(dtype)); }
};

// Strides in the sizes that these broadcast to: 0 where elements are repeated.
Dims broadcast_strides(IntSpan sizes, IntSpan strides, IntSpan wanted);
// A tensor that broadcasts to `sizes`.
Lane lane_of(const Tensor& tensor, IntSpan sizes);

// A number as an element of the compute type.
void number_as(ComputeType type, const Scalar& number, std::byte* element);

// lanes[0] is the result. At least one dimension is left.
void simplify(Dims& sizes, std::span<Lane> lanes);

}  // namespace engine
