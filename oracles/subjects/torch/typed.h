// Typed calls of operators, through their C++ signatures, for the most common signatures. Promises: a typed
// call takes its arguments from the stack and leaves its results there, as a boxed call does, but passes them
// to the dispatcher unboxed.
#pragma once

#include "oracles/subjects/torch/operators.h"

namespace oracles::aten {

// nullptr if the operator's signature is not in the list.
TypedCall typed_call_of(const c10::OperatorHandle& handle, const engine::Schema& schema);

}  // namespace oracles::aten
