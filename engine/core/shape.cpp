#include "engine/core/shape.h"

#include <algorithm>
#include <limits>

namespace engine {

namespace {

constexpr int64_t most = std::numeric_limits<int64_t>::max();
constexpr int64_t least = std::numeric_limits<int64_t>::min();

int64_t times(int64_t a, int64_t b) {
  int64_t product = 0;
  if (!__builtin_mul_overflow(a, b, &product)) return product;
  return (a < 0) == (b < 0) ? most : least;
}

int64_t plus(int64_t a, int64_t b) {
  int64_t sum = 0;
  if (!__builtin_add_overflow(a, b, &sum)) return sum;
  return a < 0 ? least : most;
}

int64_t magnitude(int64_t x) {
  if (x == least) return most;
  return x < 0 ? -x : x;
}

bool is_empty(IntSpan sizes) { return element_count(sizes) == 0; }

}  // namespace

int64_t element_count(IntSpan sizes) {
  int64_t count = 1;
  for (int64_t size : sizes) {
    if (size <= 0) return 0;
    count = times(count, size);
  }
  return count;
}

Dims contiguous_strides(IntSpan sizes) {
  Dims strides(sizes.size());
  int64_t step = 1;
  for (size_t d = sizes.size(); d-- > 0;) {
    strides[d] = step;
    step = times(step, std::max<int64_t>(sizes[d], 1));
  }
  return strides;
}

bool is_contiguous(IntSpan sizes, IntSpan strides) {
  if (is_empty(sizes)) return true;
  int64_t step = 1;
  for (size_t d = sizes.size(); d-- > 0;) {
    if (sizes[d] == 1) continue;
    if (strides[d] != step) return false;
    step = times(step, sizes[d]);
  }
  return true;
}

bool may_overlap(IntSpan sizes, IntSpan strides) {
  if (is_empty(sizes)) return false;
  struct Step {
    int64_t stride, size;
  };
  SmallVector<Step, 5> steps;
  for (size_t d = 0; d < sizes.size(); ++d)
    if (sizes[d] > 1) steps.push_back({magnitude(strides[d]), sizes[d]});
  std::ranges::sort(steps, {}, &Step::stride);
  // Without overlap, each stride is larger than the distance that all smaller strides together can reach.
  int64_t reach = 0;
  for (const Step& step : steps) {
    if (step.stride <= reach) return true;
    reach = plus(reach, times(step.stride, step.size - 1));
  }
  return false;
}

Extent extent_of(IntSpan sizes, IntSpan strides) {
  if (is_empty(sizes)) return {};
  Extent extent{0, 1};
  for (size_t d = 0; d < sizes.size(); ++d) {
    const int64_t reach = times(strides[d], sizes[d] - 1);
    if (reach < 0) extent.low = plus(extent.low, reach);
    if (reach > 0) extent.high = plus(extent.high, reach);
  }
  return extent;
}

bool fits(IntSpan sizes, IntSpan strides, int64_t offset, int64_t elements) {
  if (offset < 0 || sizes.size() != strides.size()) return false;
  if (is_empty(sizes)) return true;
  const Extent extent = extent_of(sizes, strides);
  return plus(offset, extent.low) >= 0 && plus(offset, extent.high) <= elements && extent.high != most;
}

Dims significant_strides(IntSpan sizes, IntSpan strides) {
  Dims significant(strides.size(), 0);
  if (is_empty(sizes)) return significant;
  for (size_t d = 0; d < strides.size(); ++d)
    if (sizes[d] != 1) significant[d] = strides[d];
  return significant;
}

}  // namespace engine
