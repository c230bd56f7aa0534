// Minimiser: finds the smallest case that still fails, greedily over corpora::simpler. The budget is a number
// of candidates, not a time, so that the result is the same on every machine.
#pragma once

#include <functional>

#include "corpora/case/case.h"
#include "corpora/case/catalog.h"

namespace reports {

struct Minimised {
  corpora::Case smallest;
  int candidates_tried = 0;
};

Minimised minimise(const corpora::Case& c, const corpora::Catalog& catalog,
                   const std::function<bool(const corpora::Case&)>& still_fails, int candidates_max = 400);

}  // namespace reports
