// Iteration over multi-dimensional indices, and indices that are read from data.
#pragma once

#include <vector>

#include "oracles/reference/kernels/array.h"

namespace reference {

// Calls visit(i, index) for each element in row-major order; `index` has one entry per dimension.
template <class Visit>
void for_each_index(const Dims& sizes, Visit visit) {
  Dims index(sizes.size(), 0);
  const size_t count = countable(sizes);
  for (size_t i = 0; i < count; ++i) {
    visit(i, index);
    for (size_t d = sizes.size(); d-- > 0;) {
      if (++index[d] < sizes[d]) break;
      index[d] = 0;
    }
  }
}

inline int64_t place_of(const Dims& index, const Dims& strides) {
  int64_t place = 0;
  for (size_t d = 0; d < index.size(); ++d) place += index[d] * strides[d];
  return place;
}

inline void check_range(const std::vector<int64_t>& indices, int64_t size) {
  for (const int64_t index : indices)
    if (index < 0 || index >= size) throw Raises{"index out of range"};
}

}  // namespace reference
