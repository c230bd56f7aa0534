// The fallback at Python: offers a call to interpreters, one after the other, until one takes it: the modes
// of users, the top first; then those of wrapper tensors among the arguments, the first argument's first;
// then the functional, proxy and fake mode. Promises: a handler runs with all keys above Python excluded but
// the lazy bits (Conjugate, Negative, ZeroTensor: what it is given may carry them, and its calls must heed
// them); while a mode's handler runs, it and all modes asked before it are not in force; every handler gets
// the arguments as they came; the stack changes only when one has taken the call; thread state is restored,
// whatever a handler does. Raises Error(type) when nobody takes the call, Error(internal) when there is
// nobody to ask or PythonTLSSnapshot was not passed on the way.
#pragma once

#include "engine/dispatch/kernel.h"

namespace engine {

Kernel python_fallback();

// The fallback of PreDispatch: passes the call on, and is no fallthrough, so that who sees every layer of a
// call (dispatcher_hook.h) sees this one.
Kernel pre_dispatch_fallback();

}  // namespace engine
