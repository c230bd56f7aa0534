// How far apart the results of one call may be that two runs returned.
#pragma once

#include "oracles/compare/tolerance.h"
#include "oracles/trial/trial.h"

namespace oracles {

// The tolerance between results of a dtype that the call returned along two paths: each may be off by the
// accuracy that the subject's operator has on its path. How much a sum may be off depends on the case's
// operands and on `outcome`, what the call returned.
Tolerance tolerance_of_call(Trial& trial, int call, engine::DType dtype, const CallOutcome& outcome,
                            const corpora::Path& left, const corpora::Path& right);

}  // namespace oracles
