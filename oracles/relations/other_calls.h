// Other calls of the operators of a program: the same program with other dtypes, sizes, numbers and values.
#pragma once

#include <vector>

#include "corpora/case/case.h"

namespace oracles {

// Not all of them are valid. None is the program itself.
std::vector<corpora::Case> other_calls(const corpora::Case& c);

}  // namespace oracles
