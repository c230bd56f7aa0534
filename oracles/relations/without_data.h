// Without data: the real run (left), and a run whose tensors have no data (right), agree in metadata, and in
// whether they raise, unless the real run depends on values. For the oracles `meta` and `fake`.
#pragma once

#include "oracles/relations/relation.h"

namespace oracles {

// The left side of the relation is the direct run. `numbers`: a number that the right side returns must be
// the one of the real run, because it may come from the elements of a constant.
Verdict judge_without_data(Trial& trial, const Relation& relation, bool numbers = false);

}  // namespace oracles
