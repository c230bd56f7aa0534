// draw: a case that calls `op`, from choices. Shapes and dtypes of a call's tensors are drawn together, so
// that most calls are valid; a fixed share is invalid on purpose. Domains (corpora/domains/) say which
// arguments make sense.
#pragma once

#include <vector>

#include "corpora/case/case.h"
#include "corpora/case/catalog.h"
#include "corpora/case/choice_source.h"
#include "corpora/domains/domains.h"

namespace corpora {

struct DrawLimits {
  int64_t elements_max = 512;  // of one drawn tensor
  int calls_max = 3;
  std::vector<size_t> before = {};  // operators (catalog indices) whose results a call may take
};

Case draw(const Catalog& catalog, const Operator& op, const Domains& domains, ChoiceSource& choices,
          const DrawLimits& limits = {});

}  // namespace corpora
