// The parts of a Python reproducer that do not depend on the case: dressing inputs, observing what the kind
// of the finding is about, comparing. Only what a finding needs is written out.
#pragma once

#include <string>

#include "reports/finding.h"

namespace reports {

std::string python_imports(const Finding& finding);
std::string python_machinery(const Finding& finding);

}  // namespace reports
