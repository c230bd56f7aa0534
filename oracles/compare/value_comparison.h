// Compares the values of two tensors with the same dtype and number of elements, by tier. T0 compares bit for
// bit, under the rules for signed zeros and NaNs; integers and bools are always T0. The other tiers have a
// bound for each finite element. With a bound, an infinity equals a number within the bound of the largest
// finite one, and all complex elements that are not finite are equal, because the infinities and NaNs of a
// product depend on the formula.
#pragma once

#include <cstdint>
#include <optional>

#include "oracles/compare/comparator.h"

namespace oracles {

struct ValueDifference {
  Kind kind = Kind::value;  // or nan_pattern
  int64_t element = 0;      // in row-major order
  double difference = 0, bound = 0;
  bool exact = false;  // compared bit for bit
};

struct ComparedValues {
  std::optional<ValueDifference> difference;  // empty: equal, or within the bound
  bool exact = true;                          // equal under the rules of T0
  double worst_share = 0;
};

ComparedValues compare_values(const TensorSnapshot& left, const TensorSnapshot& right,
                              const Comparison& rules);

}  // namespace oracles
