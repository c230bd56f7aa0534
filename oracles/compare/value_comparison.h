// Comparing the values of two tensors of one dtype and one number of elements, by tier.
// T0 is bit for bit under the rules for signed zeros and NaNs; the other tiers have a bound for each element.
// A bound speaks of finite numbers. Under it an infinity and a number within the bound of the largest one are
// the same, and complex elements that are not finite are one class, for infinities and NaNs of products
// depend on the formula. Integers and booleans are always T0.
#pragma once

#include <cstdint>
#include <optional>

#include "oracles/compare/comparator.h"

namespace oracles {

struct ValueDifference {
  Kind kind = Kind::value;  // or nan_pattern
  int64_t element = 0;      // in row-major order
  double difference = 0, bound = 0;
  bool exact = false;  // compared bit for bit, whatever the tolerance: integers
};

struct ComparedValues {
  std::optional<ValueDifference> difference;  // nothing: equal, or within the bound
  bool exact = true;                          // equal under T0's rules
  double worst_share = 0;
};

ComparedValues compare_values(const TensorSnapshot& left, const TensorSnapshot& right,
                              const Comparison& rules);

}  // namespace oracles
