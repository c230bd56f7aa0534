// Result device: whether a call on another device returned tensors of the CPU.
#pragma once

#include "oracles/outcome.h"

namespace oracles {

// The index of the first result that is, or has, a defined tensor on the CPU; -1: none.
int32_t result_on_cpu(const CallOutcome& call);

}  // namespace oracles
