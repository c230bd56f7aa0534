// joined: several cases as one.
#pragma once

#include <vector>

#include "corpora/case/case.h"

namespace corpora {

// One program that consists of all cases in order, with the header (and so the path) of the last.
Case joined(const std::vector<Case>& cases);

}  // namespace corpora
