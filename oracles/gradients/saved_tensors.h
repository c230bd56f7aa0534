// Saved tensors: judges a program whose inputs or results are written between its calls and the backward
// pass, the layer overwritten(n). The backward pass must raise, or return the gradients of a run without that
// write. A node that keeps a tensor without its version returns the gradients of other values.
#pragma once

#include "oracles/trial/trial.h"

namespace oracles {

// The draw of what is written, if the case is judged so: if it requests that, or in one case of eight.
std::optional<int32_t> overwritten_draw(const Trial& trial);
Verdict judge_overwritten(Trial& trial, int32_t draw);

}  // namespace oracles
