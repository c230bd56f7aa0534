// Exclusions: operators that an oracle does not judge, as globs over qualified names, each with its reason.
#pragma once

#include <string_view>
#include <vector>

#include "corpora/case/catalog.h"

namespace oracles {

struct Exclusion {
  std::string_view operators;  // one glob
  std::string_view reason;
};

class Exclusions {
 public:
  Exclusions(std::initializer_list<Exclusion> list) : list_(list) {}
  // The list, and operators that return uninitialised memory: two runs need not give equal values.
  static Exclusions beside_uninitialised(std::initializer_list<Exclusion> list);

  // Why the operator is excluded; empty if it is not.
  std::string_view reason(const corpora::Operator& op) const;
  // The same for the first excluded operator of a program.
  std::string_view reason(const std::vector<const corpora::Operator*>& operators) const;

 private:
  std::vector<Exclusion> list_;
  mutable std::vector<std::string_view> found_;  // by the number of the operator; null: not computed yet
};

}  // namespace oracles
