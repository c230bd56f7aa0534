// The places that a mask chooses.
#pragma once

#include <vector>

#include "oracles/reference/kernels/indices.h"

namespace reference {

// The coordinates of the elements that are not zero, in row-major order.
template <class W>
std::vector<Dims> nonzero_places(const Array<W>& mask) {
  std::vector<Dims> found;
  with_elements<W>(mask.dtype, [&]<class T>() {
    for_each_index(mask.sizes, [&](size_t i, const Dims& place) {
      if (!(mask.template at<T>(i) == T{})) found.push_back(place);
    });
  });
  return found;
}

}  // namespace reference
