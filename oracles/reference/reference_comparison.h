// Compares a result with its reference, element by element. The bound of an element is the error of the
// declared tier in the compute dtype (f32 for half types), one more rounding for each narrower format that
// the result passes through, and the error of the reference. Infinities and NaNs are compared first. The
// signs of zeros are compared for real results of tiers without sums.
#pragma once

#include <optional>

#include "oracles/outcome.h"
#include "oracles/reference/kernels/reference.h"
#include "oracles/subject.h"

namespace oracles {

struct AgainstReference {
  std::optional<Divergence> divergence;  // without `op`, `call`, and the index of the result
  double worst_share = 0;                // the largest difference as a share of its bound
};

template <class W>
AgainstReference compare_with_reference(const Result& found, const reference::Result<W>& expected,
                                        const Accuracy& accuracy);

}  // namespace oracles
