#include "engine/backends/cuda/walk.h"

#include <algorithm>

#include "engine/core/error.h"
#include "engine/core/shape.h"

namespace engine {

Positions Positions::of(IntSpan sizes) {
  if (sizes.size() > most_dims)
    throw Error("CUDA kernels walk over " + std::to_string(most_dims) + " dimensions at most",
                ErrorKind::not_implemented);
  Positions positions;
  positions.rank = static_cast<int>(sizes.size());
  positions.count = element_count(sizes);
  std::copy(sizes.begin(), sizes.end(), positions.sizes);
  return positions;
}

Steps Steps::over(IntSpan strides) {
  Steps steps;
  std::copy(strides.begin(), strides.end(), steps.of);
  return steps;
}

}  // namespace engine
