// The geometry of strided views: element counts, contiguous strides, extents.
// Sizes and strides are in elements. Nothing here allocates storage or knows a dtype.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/core/int_span.h"

namespace engine {

// Number of elements; 1 for a 0-dim shape; a size of 0 or less makes it 0. Saturates at INT64_MAX.
int64_t element_count(IntSpan sizes);

// Row-major strides; a dimension of size 0 or 1 counts as 1, as tensor libraries do.
Dims contiguous_strides(IntSpan sizes);

bool is_contiguous(IntSpan sizes, IntSpan strides);

// True when two different indices of the view can reach the same element (a stride of 0 included).
// Exact for views that a permutation of contiguous steps can describe; otherwise errs towards true.
bool may_overlap(IntSpan sizes, IntSpan strides);

// Lowest and one past the highest element that the view reaches, relative to its offset; {0, 0} when empty.
struct Extent {
  int64_t low = 0;
  int64_t high = 0;
};
Extent extent_of(IntSpan sizes, IntSpan strides);

// True when every element the view reaches lies in [0, elements), the offset is not negative, and there is
// one stride for each size.
bool fits(IntSpan sizes, IntSpan strides, int64_t offset, int64_t elements);

// Strides that matter: those of dimensions of size 1 and of empty tensors are replaced by 0.
Dims significant_strides(IntSpan sizes, IntSpan strides);

// Walks the view row-major and calls visit(position in storage elements). `visit` is any callable.
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
