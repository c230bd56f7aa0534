// simpler: the cases one step simpler than a case, boldest steps first. The only shrinking code: RapidCheck's
// shrinks and the minimiser both walk it. Every case returned is well formed, differs from `c`, and is smaller
// in a fixed order, so that repeated steps end. The header's path is carried along when storages are renumbered.
#pragma once

#include <vector>

#include "corpora/case/case.h"
#include "corpora/case/catalog.h"

namespace corpora {

std::vector<Case> simpler(const Case& c, const Catalog& catalog);

}  // namespace corpora
