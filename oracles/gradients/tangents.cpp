#include "oracles/gradients/tangents.h"

#include <algorithm>

#include "oracles/compare/element.h"
#include "oracles/gradients/cotangents.h"
#include "oracles/gradients/symmetry.h"

namespace oracles {

TangentDraw TangentDraw::of(int32_t n) {
  const auto bits = static_cast<uint32_t>(n);
  return {static_cast<int32_t>(bits % directions), (bits / directions) % 2 == 1,
          bits / (2 * directions) % (1U << most_held)};
}

int32_t TangentDraw::number() const {
  return direction + directions * static_cast<int32_t>((symmetric ? 1U : 0U) + 2 * held);
}

Point tangents_of(const corpora::Case& c, const TangentDraw& draw) {
  Point tangents;
  for (size_t s = 0; s < c.storages.size(); ++s) {
    const corpora::Storage& storage = c.storages[s];
    const size_t components = is_differentiable(storage.dtype)
                                  ? static_cast<size_t>(storage.elements * components_of(storage.dtype))
                                  : 0;
    tangents.push_back(direction_in(static_cast<size_t>(draw.direction), s, components));
    if (draw.holds(s)) std::ranges::fill(tangents.back(), 0.0);
  }
  for (size_t input = 0; draw.symmetric && input < c.inputs.size(); ++input)
    if (has_square_matrices(c, input)) symmetrise(c, input, tangents);
  return tangents;
}

}  // namespace oracles
