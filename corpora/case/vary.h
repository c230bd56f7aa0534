// vary: a changed sample. A sample is a case that an author gives as an example of a right call, of an
// operator whose arguments cannot be guessed. Unlike mutate(), it changes things that belong together in the
// same way, so that the operator probably accepts the result: equal sizes of all tensors and lists, tensors
// of one dtype, values that are indices. The result is well formed, its calls are to operators of the catalog
// with a value for each argument, and the same choices give the same case.
#pragma once

#include <vector>

#include "corpora/case/mutate.h"

namespace corpora {

// Changes one of the samples, which have the same last operator, and perhaps takes an argument of another. At
// least one sample; they must fit the catalog.
Case vary(const std::vector<const Case*>& samples, const Supply& supply, ChoiceSource& choices);

}  // namespace corpora
