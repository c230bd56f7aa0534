// Tolerance: how far apart two values of one operator may be, by tier (design, section 4).
// oracles/trial/call_tolerance.h derives the tolerance of a call from its operator's accuracy.
#pragma once

#include <string>

#include "engine/core/accuracy.h"

namespace oracles {

struct Tolerance {
  engine::Tier tier = engine::Tier::t0;
  double ulps = 0;          // units in the last place of the larger side, in the dtype of the result
  double accumulated = 0;   // t3: the largest difference of sums; infinite if there is no bound
  double partial_sums = 0;  // t3: the largest intermediate sum
  std::string reason = {};  // one line, shown next to the bound
};

}  // namespace oracles
