// Failure: what a call that did not return says of itself, from whatever was thrown.
#pragma once

#include "oracles/outcome.h"

namespace oracles::aten {

// Called inside a catch block: classifies the exception in flight. Never throws.
void describe_failure(CallOutcome& call) noexcept;

}  // namespace oracles::aten
