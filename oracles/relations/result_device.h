// Result device: whether a call on another device returned tensors of the CPU.
#pragma once

#include <optional>

#include "oracles/compare/divergence.h"
#include "oracles/trial/trial.h"

namespace oracles {

// The index of the first result that is, or has, a defined tensor on the CPU; -1: none.
int32_t result_on_cpu(const CallOutcome& call);

// The divergence of the first call that returned a tensor of the CPU although it knows the device of the run:
// from a tensor, or from an argument that names it. Of calls that return in the direct run.
std::optional<Verdict> result_left_on_cpu(Trial& trial, const Outcome& outcome);

}  // namespace oracles
