// Overlap: whether a call writes memory that another operand views, or one element under two indices. PyTorch
// promises an error or the result of disjoint memory, but checks only dense views as a whole. Otherwise the
// result depends on the order of reads and writes.
#pragma once

#include "oracles/trial/trial.h"

namespace oracles {

// Operands with the same view, as in x.add_(x): a pointwise kernel reads each element before it writes it.
enum class SameView { allowed, counts };

// Of the writes that the schema declares, and of those that the direct run made.
bool writes_shared_memory(Trial& trial, int call, SameView same_view);

}  // namespace oracles
