// Failure: describes the current exception of a call: its class, the first line of its message, and its
// cause, if its class or libtorch's own message says so (error_origin.h).
#pragma once

#include "oracles/outcome.h"

namespace oracles::aten {

// Call it in a catch block. `library_operator`: libtorch registered the operator, so an exception that does
// not name the file that raised it counts as libtorch's.
void describe_failure(CallOutcome& call, bool library_operator) noexcept;

}  // namespace oracles::aten
