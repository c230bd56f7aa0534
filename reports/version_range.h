// Version ranges of known entries: "1.13" is a prefix of a version; ">=1.13 <2.0" are bounds, all of which
// must hold. A bound compares as many numbers as it has: 2.15.1 is "<=2.15". What follows the numbers of a
// version
// ("+cpu", "a0") is not compared. Empty: every version.
#pragma once

#include <string>
#include <string_view>

namespace reports {

// Why `range` is not a range, or empty.
std::string fault_of_range(std::string_view range);
// `range` has no fault.
bool in_range(std::string_view version, std::string_view range);

}  // namespace reports
