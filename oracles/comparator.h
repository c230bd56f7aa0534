// Comparator: two outcomes, value by value and call by call, under a Comparison's rules. Knows no subject.
// The pattern of NaN and infinity is compared before values; the first difference in call order wins.
#pragma once

#include <optional>

#include "oracles/divergence.h"
#include "oracles/outcome.h"
#include "oracles/tolerance.h"

namespace oracles {

struct Comparison {
  bool values = true;
  bool sizes = true;
  bool strides = true;
  bool offset = true;
  bool dtype = true;
  bool device = true;
  bool alias = true;        // which storage a result shares
  bool identity = true;     // result is the very input tensor
  bool version = false;     // version counter deltas
  bool changes = true;      // what happened to the inputs
  bool errors = true;       // error or not
  bool signed_zero = true;  // -0.0 and 0.0 differ
  bool sign_of_nan = false;
  Tolerance tolerance;
};

struct Compared {
  std::optional<Divergence> divergence;  // nothing: agree
  double worst_share = 0;                // largest difference over bound
};

Compared compare(const Outcome& left, const Outcome& right, const Comparison& rules);

// A tensor as text for people: dtype, sizes, strides, flags, then values (at most 64).
std::string to_text(const TensorSnapshot& tensor);
std::string to_text(const Result& result);

}  // namespace oracles
