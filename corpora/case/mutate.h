// mutate: a case -> one near it; cross: two cases -> one with parts of both. How a fuzzer that is guided by
// coverage walks among cases, where draw() begins anew each time.
// Promises: what comes out is well formed, its calls are to operators of the catalog with a value for each
// argument, and the same choices give the same case. A case that does not fit the catalog gives way to a
// drawn one.
#pragma once

#include <vector>

#include "corpora/case/case.h"
#include "corpora/case/catalog.h"
#include "corpora/case/choice_source.h"
#include "corpora/case/draw.h"
#include "corpora/domains/domains.h"

namespace corpora {

// Where new parts come from.
struct Supply {
  const Catalog& catalog;
  const Domains& domains;
  std::vector<size_t> operators;  // those to draw, indices into the catalog; at least one
  DrawLimits limits = {};
};

// A case of one of the operators.
Case draw(const Supply& supply, ChoiceSource& choices);

Case mutate(const Case& c, const Supply& supply, ChoiceSource& choices);
// What is no part of the other case, the header included, stays as it is in `c`.
Case cross(const Case& c, const Case& other, const Supply& supply, ChoiceSource& choices);

}  // namespace corpora
