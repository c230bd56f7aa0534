#include "corpora/case/far_sizes.h"

#include <algorithm>
#include <array>
#include <vector>

namespace corpora {

namespace {

constexpr int64_t two_to_31 = int64_t{1} << 31;
constexpr std::array<int64_t, 5> far_sizes{two_to_31 - 1, two_to_31, two_to_31 + 1, 2 * two_to_31,
                                           2 * two_to_31 + 1};
constexpr int64_t quickly_visited = int64_t{1} << 24;

}  // namespace

bool expand_far(Case& c, ChoiceSource& choices) {
  std::vector<Input*> with_dimensions;
  for (Input& input : c.inputs)
    if (!input.sizes.empty()) with_dimensions.push_back(&input);
  if (with_dimensions.empty()) return false;
  Input& input = *choices.pick(with_dimensions);
  const size_t dim = choices.below(input.sizes.size());
  input.sizes[dim] = choices.pick(far_sizes);
  input.strides[dim] = 0;
  return true;
}

bool has_far_size(const Case& c) {
  return std::ranges::any_of(c.inputs, [](const Input& input) {
    int64_t visited = 1;
    for (const int64_t size : input.sizes)
      if (size > 0 && visited <= quickly_visited) visited *= size;
    return visited > quickly_visited;
  });
}

}  // namespace corpora
