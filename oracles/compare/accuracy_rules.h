// AccuracyRules: the accuracies of operators as data (corpora/domains/torch.tolerances), for a library whose
// operators do not declare them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/dtype.h"
#include "oracles/compare/accuracy.h"

namespace corpora {
class Catalog;
}

namespace oracles {

// One line of the data.
struct AccuracyRule {
  std::vector<std::string> operators;       // globs
  std::vector<engine::DTypeClass> classes;  // empty: all
  Accuracy accuracy;                        // without its reason
  std::string reason;
};

class AccuracyRules {
 public:
  // Lines "GLOB, GLOB : TIER [ulps=N | terms=N] [in DTYPE] [on CLASS, CLASS] : reason"; '#' starts a comment.
  // ulps=N is the largest difference of two kernels: each may be off by half of it. `in f32`: computed in f32
  // also if the result is wider. With a catalog, a glob must match an operator of it. Throws
  // engine::InputError NAME:LINE:COLUMN.
  static AccuracyRules parse(std::string_view text, std::string_view name,
                             const corpora::Catalog* catalog = nullptr);
  static const AccuracyRules& torch();  // compiled in from torch.tolerances
  // The rules of the files, in order, for operators of the catalog.
  static AccuracyRules read(const std::vector<std::string>& files, const corpora::Catalog& catalog);

  // From the first rule for the operator and the class. Its reason refers to the rules.
  std::optional<Accuracy> stated(std::string_view op, engine::DTypeClass dtype_class) const;
  // Like stated(), but T3 for an operator without a rule.
  Accuracy find(std::string_view op, engine::DTypeClass dtype_class) const;

 private:
  std::vector<AccuracyRule> rules_;
};

}  // namespace oracles
