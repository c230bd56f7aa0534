// A verdict as text for people: a summary line and details.
#pragma once

#include <string>
#include <vector>

#include "oracles/isolation/isolated.h"

namespace cli {

// "differ: strides of aten::exp at result 0 (left [3, 1], right [1, 2])", "agree".
std::string summary_of(const oracles::Verdict& verdict);

// Both values, or what a dead process printed last, and the tier with its bound; ends with a newline.
std::string details_of(const oracles::Verdict& verdict);

// A line for each side that raised: which call, and what it raised.
std::string raises_text(const std::vector<oracles::Raise>& raises, const oracles::Verdict& verdict);

}  // namespace cli
