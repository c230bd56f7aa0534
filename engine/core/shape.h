// The geometry of strided views: element counts, contiguous strides, extents. Sizes and strides are in
// elements.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/core/int_span.h"

namespace engine {

// The number of elements; 1 for a 0-dim shape, 0 if a size is 0 or less. Saturates at INT64_MAX.
int64_t element_count(IntSpan sizes);

// Row-major strides; a dimension of size 0 counts as 1, as in PyTorch.
Dims contiguous_strides(IntSpan sizes);

bool is_contiguous(IntSpan sizes, IntSpan strides);

// True if two different indices of the view can reach the same element. Exact for permuted, sliced and
// expanded views of contiguous memory; for other views it may be true without an overlap.
bool may_overlap(IntSpan sizes, IntSpan strides);

// The lowest and one past the highest element of the view, relative to its offset; {0, 0} for an empty view.
struct Extent {
  int64_t low = 0;
  int64_t high = 0;
};
Extent extent_of(IntSpan sizes, IntSpan strides);

// True if every element of the view is in [0, elements), the offset is not negative, and there is one stride
// for each size.
bool fits(IntSpan sizes, IntSpan strides, int64_t offset, int64_t elements);

// The strides, with 0 for those without a meaning: of dimensions of size 1 and of empty tensors.
Dims significant_strides(IntSpan sizes, IntSpan strides);

// Calls visit(position in the storage, in elements) for each element of the view, in row-major order.
template <class Visit>
void for_each_position(IntSpan sizes, IntSpan strides, int64_t offset, Visit&& visit) {
  const int64_t count = element_count(sizes);
  if (count == 0) return;
  const size_t rank = sizes.size();
  Dims index(rank, 0);
  int64_t position = offset;
  for (int64_t done = 0;;) {
    visit(position);
    if (++done == count) return;
    for (size_t d = rank; d-- > 0;) {
      position += strides[d];
      if (++index[d] < sizes[d]) break;
      position -= strides[d] * sizes[d];
      index[d] = 0;
    }
  }
}

}  // namespace engine
