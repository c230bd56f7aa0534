// Enlarged: a program whose inputs have more elements than one thread computes alone. Sizes that are equal
// grow together, so that most calls still accept them.
#pragma once

#include <optional>

#include "corpora/case/case.h"
#include "corpora/case/choice_source.h"

namespace oracles {

// One input has 100,000 elements or more, all together at most a few million. Each input has its own storage,
// of numbers whose sums are exact in any order where the case's are of both signs. The order of strides and
// expanded dimensions stay. Nothing if the inputs have no dimension that could grow, or would be too large.
std::optional<corpora::Case> enlarged(const corpora::Case& c, corpora::ChoiceSource& choices);

}  // namespace oracles
