// A verdict as text for people: a summary line and details.
#pragma once

#include <string>
#include <vector>

#include "oracles/isolation/isolated.h"

namespace cli {

// "differ: strides of aten::exp at result 0 (left [3, 1], right [1, 2])", "agree",
// "crash: aten::exp on the path conj(0): SIGSEGV".
std::string summary_of(const oracles::Verdict& verdict);

// Lines: both values and the tier with its bound, or what a dead process printed last.
std::string details_of(const oracles::Verdict& verdict);

// A line for each side that raised: which call, and what it raised.
std::string raises_text(const std::vector<oracles::Raise>& raises, const oracles::Verdict& verdict);

}  // namespace cli
