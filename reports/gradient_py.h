// Python reproducers of findings about gradients: a script that compares a gradient, a tangent or a second
// derivative with finite differences in f64, or shows that a program cannot run backwards, or that a call is
// recorded, or accepted, that must not be.
#pragma once

#include <string>

#include "reports/finding.h"
#include "reports/repro_plan.h"

namespace reports {

// Why no script shows the finding, or empty.
std::string no_gradient_script(const Finding& finding);
// What follows the class Left.
std::string gradient_script(const Finding& finding, const ReproPlan& plan);

}  // namespace reports
