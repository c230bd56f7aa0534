#include "corpora/case/draw_views.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "corpora/case/draw_shapes.h"

namespace corpora {
namespace {

using engine::Dims;

// Dense strides with the dimensions in this order in memory, from outermost to innermost.
Dims strides_in_order(const Dims& sizes, const Dims& order) {
  Dims strides(sizes.size(), 1);
  int64_t step = 1;
  for (size_t k = order.size(); k-- > 0;) {
    const auto dim = static_cast<size_t>(order[k]);
    strides[dim] = step;
    step *= std::max<int64_t>(sizes[dim], 1);
  }
  return strides;
}

// An order of dimensions; channels last and transposed matrices are the most likely.
Dims draw_order(ChoiceSource& choices, const Dims& sizes) {
  Dims order(sizes.size());
  std::iota(order.begin(), order.end(), 0);
  const uint64_t way = choices.below(4);
  if (way == 0 && sizes.size() >= 4) {  // channels last
    std::rotate(order.begin() + 1, order.begin() + 2, order.end());
  } else if (way < 3 && sizes.size() >= 2) {  // a transposed matrix
    std::swap(order[sizes.size() - 1], order[sizes.size() - 2]);
  } else {
    return draw_permutation(choices, sizes.size());
  }
  return order;
}

// A slice of a tensor that is larger in some dimensions, perhaps of every second element, and perhaps
// permuted.
Dims stepped(ChoiceSource& choices, const Dims& sizes) {
  Dims larger = sizes;
  for (int64_t& size : larger) size = std::max<int64_t>(size, 1);
  for (int dimension = 0; dimension < 2 && !larger.empty(); ++dimension) {
    int64_t& size = larger[choices.below(larger.size())];
    size += choices.between(0, 2);
  }
  Dims strides = choices.chance(1, 3) ? strides_in_order(larger, draw_order(choices, sizes))
                                      : engine::contiguous_strides(larger);
  if (!strides.empty() && choices.chance(1, 2))
    for (int64_t& stride : strides) stride *= 2;
  return strides;
}

Dims expanded(ChoiceSource& choices, const Dims& sizes) {
  Dims seen = sizes;
  std::vector<bool> repeated(sizes.size());
  for (size_t d = 0; d < sizes.size(); ++d) {
    repeated[d] = choices.chance(1, 2);
    if (repeated[d]) seen[d] = 1;
  }
  Dims strides = choices.chance(1, 3) ? strides_in_order(seen, draw_order(choices, sizes))
                                      : engine::contiguous_strides(seen);
  for (size_t d = 0; d < sizes.size(); ++d)
    if (repeated[d]) strides[d] = 0;
  return strides;
}

// Sliding windows with a step smaller than their length.
Dims overlapping(ChoiceSource& choices, const Dims& sizes) {
  Dims strides = engine::contiguous_strides(sizes);
  if (strides.size() < 2) return Dims(sizes.size(), 0);
  const size_t d = choices.below(strides.size() - 1);
  strides[d] = std::max<int64_t>(strides[d] / 2, 1);
  return strides;
}

Dims draw_strides(ChoiceSource& choices, const Dims& sizes, Layout layout) {
  const uint64_t way = choices.below(32);
  if (sizes.empty() || way < 12) return engine::contiguous_strides(sizes);
  if (way < 21) return strides_in_order(sizes, draw_order(choices, sizes));
  if (way < 28 || layout == Layout::disjoint) return stepped(choices, sizes);
  return way < 31 ? expanded(choices, sizes) : overlapping(choices, sizes);
}

}  // namespace

View draw_view(ChoiceSource& choices, const Dims& sizes, Layout layout) {
  View view;
  if (layout == Layout::contiguous) {
    view.strides = engine::contiguous_strides(sizes);
    view.elements = engine::element_count(sizes);
    return view;
  }
  view.strides = draw_strides(choices, sizes, layout);
  if (choices.chance(1, 7)) view.offset = choices.between(1, 5);
  view.elements = view.offset + engine::extent_of(sizes, view.strides).high;
  if (choices.chance(1, 8)) view.elements += choices.between(1, 3);
  return view;
}

}  // namespace corpora
