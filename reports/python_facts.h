// The part of a Python reproducer that observes a result: one function for each kind of finding.
#pragma once

#include <string>

#include "reports/repro_plan.h"

namespace reports {

// def tensors and def fact (one property of one tensor), or def state.
std::string python_facts(oracles::Kind kind, const ReproPlan& plan);

}  // namespace reports
