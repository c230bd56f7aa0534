// draw: choices -> a case that calls `op`. Shapes and dtypes of one call's tensors are drawn together, so
// that most calls are accepted; a set share is invalid on purpose. What the schema does not say, the
// domains say (corpora/domains/: data, by operator pattern and argument name).
#pragma once

#include "corpora/case/case.h"
#include "corpora/case/catalog.h"
#include "corpora/case/choice_source.h"
#include "corpora/domains/domains.h"

namespace corpora {

struct DrawLimits {
  int64_t elements_max = 512;  // of one drawn tensor
  int calls_max = 3;
};

Case draw(const Catalog& catalog, const Operator& op, const Domains& domains, ChoiceSource& choices,
          const DrawLimits& limits = {});

}  // namespace corpora
