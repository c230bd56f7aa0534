// Tolerance: how far two values of one operator may be apart, by tier (design, section 4), never one flat
// number. The tier of an operator is data: corpora/domains/torch.tolerances (operator globs -> tier and its
// reason).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/dtype.h"
#include "oracles/compare/divergence.h"

namespace oracles {

struct Tolerance {
  Tier tier = Tier::t0;
  double ulps = 0;       // units in the last place of the larger side: t1, t2, and the last rounding of t3
  double depth = 0;      // t3: number of accumulated terms k, in gamma_k = k u / (1 - k u)
  double magnitude = 0;  // t3: bound on sum |a||b|, from the operands
  std::string reason;    // one line, shown beside the bound
  int lost_bits = 0;     // precision that the operands have less than the result: units are that much larger
};

// One line of the data: the operators' globs, the dtype classes it is for (none: all), the tier, its ulps.
struct ToleranceRule {
  std::vector<std::string> operators;
  std::vector<engine::DTypeClass> classes;
  Tier tier = Tier::t3;
  double ulps = 4;
  double terms = 0;  // t3: how many are summed; 0: as many as the largest operand has elements
  std::string reason;
};

class ToleranceRules {
 public:
  // "GLOB, GLOB : TIER [ulps=N | terms=N] [on CLASS, CLASS] : reason" a line; '#' starts a comment.
  // Throws engine::InputError NAME:LINE:COLUMN.
  static ToleranceRules parse(std::string_view text, std::string_view name);
  static const ToleranceRules& torch();  // compiled in from torch.tolerances

  // The first rule that names the operator and is for the class; T3 with four ulps when there is none.
  const ToleranceRule& find(std::string_view op, engine::DTypeClass dtype_class) const;
  const std::vector<ToleranceRule>& rules() const { return rules_; }

 private:
  std::vector<ToleranceRule> rules_;
};

}  // namespace oracles
