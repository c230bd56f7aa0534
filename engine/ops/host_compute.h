// host_compute: a compute functor that reads and writes elements itself, for any machine: where the host
// cannot read the tensors they travel there, and the results back.
#pragma once

#include "engine/ops/declaration.h"

namespace engine::ops {

Compute host_compute(Compute compute);

}  // namespace engine::ops
