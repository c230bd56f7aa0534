// mutate: a case similar to another; cross: a case with parts of two others. For fuzzers that are guided by
// coverage. The result is well formed, its calls are to operators of the catalog with a value for each
// argument, and the same choices give the same case. For a case that does not fit the catalog, the result is
// a drawn case.
#pragma once

#include <vector>

#include "corpora/case/case.h"
#include "corpora/case/catalog.h"
#include "corpora/case/choice_source.h"
#include "corpora/case/draw.h"
#include "corpora/domains/domains.h"

namespace corpora {

// What new parts are drawn from.
struct Supply {
  const Catalog& catalog;
  const Domains& domains;
  std::vector<size_t> operators;  // those to draw, indices into the catalog; at least one
  DrawLimits limits = {};
};

// A case of one of the operators.
Case draw(const Supply& supply, ChoiceSource& choices);

Case mutate(const Case& c, const Supply& supply, ChoiceSource& choices);
// `c`, with parts of `other` but not its header.
Case cross(const Case& c, const Case& other, const Supply& supply, ChoiceSource& choices);

}  // namespace corpora
