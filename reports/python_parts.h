// The parts of a Python reproducer that do not depend on the case: dressing inputs, observing what the kind
// of the finding is about, comparing. Only what a finding needs is written out.
#pragma once

#include <string>

#include "reports/finding.h"
#include "reports/repro_plan.h"

namespace reports {

std::string python_imports(const ReproPlan& plan);
// def dressed, def inputs.
std::string python_dressing(const ReproPlan& plan);
// def tensors, def fact: one thing about one tensor, by the kind of the finding.
std::string python_facts(oracles::Kind kind, const ReproPlan& plan);
// def run, def main: two sides against each other, or one program against what it promises.
std::string python_comparison(oracles::Kind kind, const ReproPlan& plan);

}  // namespace reports
