// register_operators: registers the declared operators in a dispatcher, each form with its kernels: at CPU
// and CUDA by its compute functor, at Meta by its rule alone, at BackendSelect if no tensor decides the
// device, at ADInplaceOrView for the versions of written tensors, at ZeroTensor by its zero rule, and
// fallthroughs at the keys whose bits its kernels read themselves. All other keys are served by fallbacks
// (engine/fallbacks). Promises: a result is allocated as its rule plans, on every device; an out= is resized,
// an in-place one never; a call that may not write a tensor raises before it writes anything.
#pragma once

#include "engine/dispatch/dispatcher.h"
#include "engine/ops/declaration.h"

namespace engine::ops {

// The families must outlive the registrations.
[[nodiscard]] Registrations register_operators(Dispatcher& dispatcher);

}  // namespace engine::ops
