// Domains: what a schema does not say about sensible arguments, as data: lines of
//   operator-glob : argument = spec ; argument = spec ...
// in corpora/domains/*.domains. The language is described in corpora/domains/README.md.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "corpora/domains/spec.h"

namespace corpora {

class Domains {
 public:
  Domains() = default;
  static Domains parse(std::string_view text, std::string_view name);  // throws InputError name:line:column
  static const Domains& torch();  // the built-in ones, compiled in from torch.domains

  // The rule for an operator (qualified name), or nullptr: the first line whose glob matches.
  const DomainRule* find(std::string_view qualified) const;

 private:
  std::vector<DomainRule> rules_;
};

}  // namespace corpora
