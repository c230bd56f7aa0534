#include "engine/core/geometry.h"

#include <algorithm>

#include "engine/core/check.h"

namespace engine {

void Geometry::set(IntSpan sizes, IntSpan strides) {
  CHECK(sizes.size() == strides.size(), "there must be one stride for each size");
  const size_t rank = sizes.size();
  std::unique_ptr<int64_t[]> heap;
  std::array<int64_t, 2 * inline_rank> local{};
  if (rank > inline_rank) heap = std::make_unique<int64_t[]>(2 * rank);
  int64_t* const values = heap ? heap.get() : local.data();
  std::copy(sizes.begin(), sizes.end(), values);
  std::copy(strides.begin(), strides.end(), values + rank);
  rank_ = rank;
  inline_ = local;
  heap_ = std::move(heap);
}

}  // namespace engine
