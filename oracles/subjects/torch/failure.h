// Failure: how a call that did not return ended, from the exception in flight: its class, the first line of
// its message, and what it is about, as far as its class or libtorch itself says so (error_origin.h).
#pragma once

#include "oracles/outcome.h"

namespace oracles::aten {

// Call it inside a catch block. Never throws. `library_operator`: libtorch itself registered the operator; it
// decides for exceptions that do not say which file raised them.
void describe_failure(CallOutcome& call, bool library_operator) noexcept;

}  // namespace oracles::aten
