// Counterfactuals: the minimiser prefers small cases, so a minimal case may be empty or 0-dim, or may
// transform a later argument, although the divergence does not need that. For each such feature, the case
// without it is run: if it still fails, the feature is not part of the finding.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "corpora/case/case.h"

namespace reports {

// The case without the feature, if it can be taken away.
std::optional<corpora::Case> without(const std::string& feature, const corpora::Case& c);

std::vector<std::string> features_that_matter(const std::vector<std::string>& features,
                                              const corpora::Case& minimal,
                                              const std::function<bool(const corpora::Case&)>& still_fails);

}  // namespace reports
