// Arbitrary well-formed cases: anything the text form can hold, whether or not an operator would accept it.
// For laws about cases; what a campaign tries comes from draw().
#pragma once

#include "corpora/case/case.h"
#include "corpora/case/catalog.h"
#include "corpora/case/choice_source.h"

namespace corpora {

// Calls are to the catalog's operators, with a value for each argument of the schema.
Case arbitrary_case(const Catalog& catalog, ChoiceSource& choices);

}  // namespace corpora
