// Counterfactuals: the minimiser makes cases small, so a minimal case may be empty, 0-dim, or dressed in its
// last argument only because nothing forbade it. Each such feature is put to the question: if the case shows
// the same with the feature undone, the feature does not matter, and is no part of the finding.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "corpora/case/case.h"

namespace reports {

std::vector<std::string> features_that_matter(const std::vector<std::string>& features,
                                              const corpora::Case& minimal,
                                              const std::function<bool(const corpora::Case&)>& still_fails);

}  // namespace reports
