// Typed calls: an operator called through its unboxed C++ signature, for the commonest signatures.
// Promises: a TypedCall takes the boxed stack and leaves the results on it, as a boxed call does, but no
// argument reaches the dispatcher boxed. An operator whose signature is not in the list has none.
#pragma once

#include "oracles/subjects/torch/operators.h"

namespace oracles::aten {

// nullptr when no listed signature is the operator's.
TypedCall typed_call_of(const c10::OperatorHandle& handle, const engine::Schema& schema);

}  // namespace oracles::aten
