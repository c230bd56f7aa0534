// DispatcherHook: sees every layer of every call on its thread, as PyTorch's Python dispatcher does: while it
// is installed, PythonDispatcher is in the thread's keys, and that key's fallback hands the call to the hook.
//   DispatcherHook hook = ...;  HookGuard guard(hook);
// A hook goes on with call.op().redispatch_boxed(call.keys, stack); with PythonDispatcher added to the keys
// it sees the next layer, too. Refuses (Error(internal)) a call that reaches the key on a thread without a
// hook.
#pragma once

#include "engine/dispatch/dispatcher.h"

namespace engine {

class DispatcherHook {
 public:
  virtual ~DispatcherHook() = default;
  // `call.keys` is without PythonDispatcher.
  virtual void intercept(const Call& call, Stack& stack) = 0;
};

// Installs a hook on this thread for a scope. Guards nest.
class HookGuard : IncludeKeys {
 public:
  explicit HookGuard(DispatcherHook& hook);
  ~HookGuard();

 private:
  DispatcherHook* outer_;
};

// The fallback of PythonDispatcher.
Kernel python_dispatcher_fallback();

}  // namespace engine
