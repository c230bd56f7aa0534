#include "properties/law.h"

#include <algorithm>

namespace properties {

namespace {

std::vector<AnyLaw>& declared() {
  static std::vector<AnyLaw> all;
  return all;
}

}  // namespace

void declare(AnyLaw law) { declared().push_back(std::move(law)); }

std::vector<AnyLaw> all_laws() {
  std::ranges::sort(declared(), {}, &AnyLaw::name);
  return declared();
}

const corpora::Catalog& no_operators() {
  static const corpora::Catalog none;
  return none;
}

}  // namespace properties
