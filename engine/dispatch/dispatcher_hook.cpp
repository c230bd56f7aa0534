#include "engine/dispatch/dispatcher_hook.h"

#include "engine/core/error.h"

namespace engine {

namespace {

constinit thread_local DispatcherHook* installed = nullptr;

void intercept(const Call& call, Stack& stack) {
  if (!installed)
    throw Error(call.entry.name() + " reached PythonDispatcher on a thread without a hook",
                ErrorKind::internal);
  installed->intercept({call.entry, call.keys.remove(DispatchKey::PythonDispatcher), call.kernel}, stack);
}

}  // namespace

HookGuard::HookGuard(DispatcherHook& hook)
    : IncludeKeys(DispatchKey::PythonDispatcher), outer_(std::exchange(installed, &hook)) {}

HookGuard::~HookGuard() { installed = outer_; }

Kernel python_dispatcher_fallback() { return Kernel::from_boxed(&intercept); }

}  // namespace engine
