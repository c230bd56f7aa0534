// Kernels that do nothing, for the engine.
#pragma once

#include "engine/dispatch/dispatcher.h"

namespace bench {

void register_engine_kernels(engine::Dispatcher& dispatcher, engine::Registrations& registrations);
// The kernel that a benchmark registers and drops.
engine::Kernel another_kernel();

}  // namespace bench
