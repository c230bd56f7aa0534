// Copying path: what oracles share whose right side copies tensors, so that memory and strides need not be
// those of the left side.
#pragma once

#include "oracles/compare/divergence.h"
#include "oracles/trial/trial.h"

namespace oracles {

// The result that differs, in one side's outcome; nullptr if the difference is not in a tensor result.
const TensorSnapshot* differing_result(const Outcome& side, const Divergence& divergence);

// Whether contiguous copies of the inputs change what the program does. A kernel that depends on the strides
// of its inputs differs on copies, which have no gaps; the oracle layout reports it. `sharing`: whether the
// memory that results share counts, too.
bool contiguous_inputs_change(Trial& trial, bool sharing);

}  // namespace oracles
