// Copies of logical values on the CPU: what a tensor's bits say is done on the way.
#pragma once

#include "engine/core/tensor.h"

namespace engine::cpu {

// The values of `from`, cast, become those of `to`: lazy conjugation and negation of either side are
// resolved, a ZeroTensor is read as zeros. `from` broadcasts. The two may not overlap.
void copy_values(const Tensor& to, const Tensor& from);

}  // namespace engine::cpu
