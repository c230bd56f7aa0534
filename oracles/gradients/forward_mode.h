// Forward mode: judges a program on dual tensors, the layer dual(n). Its results are those of the direct run,
// bit for bit. The tangents of its results are the derivative along the tangents of its inputs: the gradients
// of reverse mode give the same number or, where the two modes differ, finite differences do. Only what
// reverse mode differentiates has tangents. An operator without a formula is a gap.
#pragma once

#include "oracles/trial/trial.h"

namespace oracles {

// The draw of tangents, if the case is judged in forward mode: if it requests that, or in one case of four.
std::optional<int32_t> forward_draw(const Trial& trial);
Verdict judge_forward(Trial& trial, int32_t draw);

}  // namespace oracles
