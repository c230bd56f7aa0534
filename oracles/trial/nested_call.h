// Nested call: a dispatched call of a trace as a case of its own, with the arguments that it received. With
// it an oracle judges by itself what an operator of an author calls.
#pragma once

#include <optional>

#include "corpora/case/case.h"
#include "corpora/case/catalog.h"
#include "oracles/outcome.h"

namespace oracles {

// The trace must have arguments. Tensors that share memory still share it. Empty if an argument cannot be
// written in a case, or is large.
std::optional<corpora::Case> case_of_call(const TraceEntry& call, const corpora::Operator& op);

}  // namespace oracles
