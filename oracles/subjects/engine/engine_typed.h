// Typed calls of engine operators: through their C++ signature, for the signatures that the operators have.
// Promises: takes the boxed stack and leaves the results on it, as a boxed call does, but no argument reaches
// the dispatcher boxed.
#pragma once

#include "engine/core/stack.h"
#include "engine/dispatch/operator.h"

namespace oracles {

using TypedEngineCall = void (*)(const engine::Operator& op, engine::Stack& stack);

// Null when no listed signature is the operator's.
TypedEngineCall typed_call_of(const engine::Operator& op);

}  // namespace oracles
