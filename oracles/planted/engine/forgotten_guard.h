// A kernel that excludes a dispatch key for the calls that it makes, and leaves it excluded if they raise.
#pragma once

#include "engine/dispatch/thread_keys.h"
#include "oracles/planted/engine/engine_plant.h"

namespace oracles::plants {

inline void forget_guard(const Kernel& right, const Call& call, Stack& stack) {
  engine::set_excluded(DispatchKey::Functionalize, true);
  call_kernel(right, call, stack);
  engine::set_excluded(DispatchKey::Functionalize, false);
}

}  // namespace oracles::plants
