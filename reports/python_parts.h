// The parts of a Python reproducer that do not depend on the case: transforming inputs and comparing. Only
// what a finding needs is written.
#pragma once

#include <string>

#include "reports/repro_plan.h"

namespace reports {

std::string python_imports(const ReproPlan& plan);
// def transformed, def inputs.
std::string python_inputs(const ReproPlan& plan);
// def run, def main: compare two sides, or one program with what it promises.
std::string python_comparison(oracles::Kind kind, const ReproPlan& plan);

}  // namespace reports
