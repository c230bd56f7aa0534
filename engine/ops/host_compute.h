// host_compute: runs on any machine a compute functor that reads and writes elements itself. Tensors that the
// host cannot read are copied to it, and the results back.
#pragma once

#include "engine/ops/declaration.h"

namespace engine::ops {

Compute host_compute(Compute compute);

}  // namespace engine::ops
