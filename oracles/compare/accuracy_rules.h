// AccuracyRules: accuracies of operators as data, for a library whose operators do not declare them:
// corpora/domains/torch.tolerances for PyTorch.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/core/accuracy.h"
#include "engine/core/dtype.h"

namespace oracles {

// One line of the data: the operators' globs, the dtype classes it is for (none: all), how exact they are.
struct AccuracyRule {
  std::vector<std::string> operators;
  std::vector<engine::DTypeClass> classes;
  engine::Accuracy accuracy;  // without its reason
  std::string reason;
};

class AccuracyRules {
 public:
  // "GLOB, GLOB : TIER [ulps=N | terms=N] [on CLASS, CLASS] : reason" a line; '#' starts a comment. ulps=N is
  // what lies between two kernels: each may be off by half of it. Throws engine::InputError NAME:LINE:COLUMN.
  static AccuracyRules parse(std::string_view text, std::string_view name);
  static const AccuracyRules& torch();  // compiled in from torch.tolerances

  // By the first rule that names the operator and is for the class; T3 where there is none. Valid as long as
  // the rules.
  engine::Accuracy find(std::string_view op, engine::DTypeClass dtype_class) const;
  const std::vector<AccuracyRule>& rules() const { return rules_; }

 private:
  std::vector<AccuracyRule> rules_;
};

}  // namespace oracles
