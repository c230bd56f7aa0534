// The fallbacks, one file each.
#pragma once

#include "engine/dispatch/kernel.h"

namespace engine::fallbacks {

Kernel zero_tensor();
Kernel negative();
Kernel conjugate();
Kernel meta();

}  // namespace engine::fallbacks
