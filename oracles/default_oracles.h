// Default oracles: those that judge a subject unless oracles are named. Slow ones judge a share of its cases.
#pragma once

#include <string_view>
#include <vector>

#include "oracles/oracle.h"

namespace oracles {

// In the order of the table, also those that refuse the subject.
std::vector<const Oracle*> default_oracles(std::string_view subject);

}  // namespace oracles
