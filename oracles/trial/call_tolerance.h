// How far apart the results of one call in two runs may be.
#pragma once

#include "oracles/compare/tolerance.h"
#include "oracles/trial/trial.h"

namespace oracles {

// The largest finite magnitude of the elements.
double largest_magnitude(engine::DType dtype, const std::vector<std::byte>& elements);

// The tolerance between results of this dtype along two paths: each may be off by the operator's accuracy on
// its path. The error of a sum also depends on the case's operands and on `outcome`, the results of the call.
Tolerance tolerance_of_call(Trial& trial, int call, engine::DType dtype, const CallOutcome& outcome,
                            const corpora::Path& left, const corpora::Path& right);

}  // namespace oracles
