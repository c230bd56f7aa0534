// AccuracyRules: the accuracies of operators as data (corpora/domains/torch.tolerances), for a library whose
// operators do not declare them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/core/accuracy.h"
#include "engine/core/dtype.h"

namespace oracles {

// One line of the data.
struct AccuracyRule {
  std::vector<std::string> operators;       // globs
  std::vector<engine::DTypeClass> classes;  // empty: all
  engine::Accuracy accuracy;                // without its reason
  std::string reason;
};

class AccuracyRules {
 public:
  // Lines "GLOB, GLOB : TIER [ulps=N | terms=N] [on CLASS, CLASS] : reason"; '#' starts a comment. ulps=N is
  // the largest difference of two kernels: each may be off by half of it. Throws engine::InputError
  // NAME:LINE:COLUMN.
  static AccuracyRules parse(std::string_view text, std::string_view name);
  static const AccuracyRules& torch();  // compiled in from torch.tolerances

  // From the first rule for the operator and the class; T3 if there is none. Its reason refers to the rules.
  engine::Accuracy find(std::string_view op, engine::DTypeClass dtype_class) const;

 private:
  std::vector<AccuracyRule> rules_;
};

}  // namespace oracles
