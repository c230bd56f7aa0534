// Tangents: the direction along which the layer dual(n) differentiates forwards. Promises: it depends only on
// n and on the case, and is the direction of WideProgram with the same number, so that forward mode, reverse
// mode and finite differences can be compared.
#pragma once

#include "oracles/gradients/derivative.h"

namespace oracles {

// What the number n of dual(n) means.
struct TangentDraw {
  int32_t direction = 0;   // below `directions`
  bool symmetric = false;  // square matrices have symmetric or Hermitian tangents
  uint32_t held = 0;       // a bit for each storage without a tangent

  static constexpr int32_t directions = 4;
  static constexpr size_t most_held = 16;  // of the first storages

  static TangentDraw of(int32_t n);
  int32_t number() const;
  bool holds(size_t storage) const { return storage < most_held && (held >> storage & 1U) != 0; }
};

// By storage; zeros where it has no tangent, and empty for integers.
Point tangents_of(const corpora::Case& c, const TangentDraw& draw);

}  // namespace oracles
