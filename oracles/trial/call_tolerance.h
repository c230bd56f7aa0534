// How far apart the results of one call may be.
#pragma once

#include "oracles/compare/tolerance.h"
#include "oracles/trial/trial.h"

namespace oracles {

// The tolerance of a call's operator for results of a dtype; depth and magnitude come from the case's
// operands and from what the call returned.
Tolerance tolerance_of_call(Trial& trial, int call, engine::DType dtype, const CallOutcome& outcome);

}  // namespace oracles
