// A subject's result against its reference, element by element, within a bound that is made of the
// declared accuracy and of what the reference says of this element: never one number for all.
// The bound is the tier's error in the type that is computed in (f32 for half types), one rounding more for
// each narrower format that the result passes through, and the reference's own error.
// Infinities and NaNs come first. The sign of a zero counts for real results of the tiers without sums.
#pragma once

#include <optional>

#include "oracles/outcome.h"
#include "oracles/reference/kernels/reference.h"
#include "oracles/subject.h"

namespace oracles {

struct AgainstReference {
  std::optional<Divergence> divergence;  // `op`, `call` and which result are the caller's
  double worst_share = 0;                // largest difference over bound
};

template <class W>
AgainstReference compare_with_reference(const Result& found, const reference::Result<W>& expected,
                                        const Accuracy& accuracy);

}  // namespace oracles
