// The fallback at Python: calls interpreters, one after the other, until one does not decline: the user
// modes, the top first; then the interpreters of wrapper tensors among the arguments, in their order; then
// the functional, proxy and fake mode. Promises: a handler runs with all keys above Python excluded except
// the lazy bits (Conjugate, Negative, ZeroTensor: its arguments may have them, and its calls must resolve
// them); while a mode's handler runs, that mode and all modes called before it are not in force; every
// handler gets the original arguments; the stack changes only after a handler has answered; thread state is
// always restored. Raises Error(type) if all decline, Error(internal) if there is no interpreter or the call
// did not pass PythonTLSSnapshot.
#pragma once

#include "engine/dispatch/kernel.h"

namespace engine {

Kernel python_fallback();

// The fallback of PreDispatch: passes the call on. It is not a fallthrough, so that observers of every layer
// of a call (dispatcher_hook.h) see this one.
Kernel pre_dispatch_fallback();

}  // namespace engine
