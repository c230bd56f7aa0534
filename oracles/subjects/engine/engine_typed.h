// Typed calls of engine operators, through their C++ signatures. Promises: a typed call takes its arguments
// from the stack and leaves its results there, as a boxed call does, but passes them to the dispatcher
// unboxed.
#pragma once

#include "engine/core/stack.h"
#include "engine/dispatch/operator.h"

namespace oracles {

using TypedEngineCall = void (*)(const engine::Operator& op, engine::Stack& stack);

// Null if the operator's signature is not in the list.
TypedEngineCall typed_call_of(const engine::Operator& op);

}  // namespace oracles
