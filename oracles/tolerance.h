// Tolerance: how far two values of one operator may be apart, by tier (design, section 4), never one flat number.
// The tier of an operator is data: corpora/domains/torch.tolerances (operator glob -> tier and its reason).
#pragma once

#include <string>
#include <string_view>

#include "engine/core/dtype.h"
#include "oracles/divergence.h"

namespace oracles {

struct Tolerance {
  Tier tier = Tier::t0;
  double ulps = 0;        // t1, t2: units in the last place of the larger side
  double depth = 0;       // t3: number of accumulated terms k, in gamma_k = k u / (1 - k u)
  double magnitude = 0;   // t3: bound on sum |a||b|, from the operands
  std::string reason;     // one line, shown beside the bound
};

}  // namespace oracles
