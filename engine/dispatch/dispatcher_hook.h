// DispatcherHook: intercepts every layer of every call on its thread, like PyTorch's Python dispatcher. While
// a hook is installed, PythonDispatcher is in the thread's keys, and the fallback of that key calls the hook.
//   DispatcherHook hook = ...;  HookGuard guard(hook);
// A hook continues the call with call.op().redispatch_boxed(call.keys, stack). If it adds PythonDispatcher to
// the keys, it also intercepts the next layer. Refuses, with Error(internal), a call that reaches the key on
// a thread without a hook.
#pragma once

#include "engine/dispatch/dispatcher.h"

namespace engine {

class DispatcherHook {
 public:
  virtual ~DispatcherHook() = default;
  // `call.keys` does not contain PythonDispatcher.
  virtual void intercept(const Call& call, Stack& stack) = 0;
};

// Installs a hook on this thread for its scope. Guards nest.
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
