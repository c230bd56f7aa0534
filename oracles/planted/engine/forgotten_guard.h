// A kernel that switches a layer off for its own calls, and forgets to switch it on again when it raises.
#pragma once

#include "engine/dispatch/boxing.h"
#include "engine/dispatch/thread_keys.h"

namespace oracles {

struct ForgetsItsGuard {
  engine::Kernel right;

  void operator()(const engine::Call& call, engine::Stack& stack) const {
    engine::set_excluded(engine::DispatchKey::Functionalize, true);
    call_kernel(right, call, stack);
    engine::set_excluded(engine::DispatchKey::Functionalize, false);
  }
};

}  // namespace oracles
