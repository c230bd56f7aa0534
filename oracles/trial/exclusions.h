// Exclusions: operators that an oracle must not judge, as data: globs over qualified names, each with its
// reason.
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

  // The reason of the first entry that names the operator; empty when none does.
  std::string_view reason(const corpora::Operator& op) const;
  // The same for the first operator of a program that is named.
  std::string_view reason(const std::vector<const corpora::Operator*>& operators) const;

 private:
  std::vector<Exclusion> list_;
  mutable std::vector<std::string_view> found_;  // by the operator's number; null: not asked yet
};

}  // namespace oracles
