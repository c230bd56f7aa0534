// Ties: which of several equal elements an operator chooses. PyTorch does not promise the order of equal
// elements for sort and argsort without `stable`, so that their indices may depend on the layout. A sort
// that is stable has only one right answer.
#pragma once

#include "corpora/case/case.h"
#include "corpora/case/catalog.h"
#include "oracles/compare/comparator.h"

namespace oracles {

// Whether the sides differ in the indices of equal elements only: the sorted values, if the operator returns
// them, have been compared before.
bool orders_ties_differently(const corpora::Operator& op, const corpora::Call& call, const Compared& found);

}  // namespace oracles
