// Arbitrary well-formed cases: anything that the text form can hold, also if no operator accepts it. For
// tests of laws about cases; campaigns use draw().
#pragma once

#include "corpora/case/case.h"
#include "corpora/case/catalog.h"
#include "corpora/case/choice_source.h"

namespace corpora {

// Calls are to operators of the catalog, with a value for each argument of the schema.
Case arbitrary_case(const Catalog& catalog, ChoiceSource& choices);

}  // namespace corpora
