// Tolerance: how far two values of one operator may be apart, by tier (design, section 4), never one flat
// number. oracles/trial/call_tolerance.h makes the tolerance of a call from its operator's accuracy.
#pragma once

#include <string>

#include "engine/core/accuracy.h"

namespace oracles {

struct Tolerance {
  engine::Tier tier = engine::Tier::t0;
  double ulps = 0;          // units in the last place of the larger side, in the dtype of the result
  double accumulated = 0;   // t3: what sums may differ by; infinite where no bound can be given
  double partial_sums = 0;  // t3: how large a sum may become before its last term
  std::string reason = {};  // one line, shown beside the bound
};

}  // namespace oracles
