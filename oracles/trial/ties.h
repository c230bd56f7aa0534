// Ties: which of several equal elements an operator chooses. PyTorch does not promise the order of equal
// elements for sort and argsort without `stable`, so that their indices may depend on the layout. A sort
// that is stable has only one right answer.
#pragma once

#include "corpora/case/case.h"
#include "corpora/case/catalog.h"
#include "oracles/compare/comparator.h"

namespace oracles {

// Whether the sides differ in the indices of such a sort. `sort` returns the values too, which have been
// compared before, so these are indices of equal elements. `argsort` returns no values: a wrong index looks
// the same as another order of equal elements, and is not found.
bool orders_ties_differently(const corpora::Operator& op, const corpora::Call& call, const Compared& found);

}  // namespace oracles
