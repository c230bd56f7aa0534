#include "properties/law.h"

#include <algorithm>

namespace properties {

namespace {

std::vector<const Declared*>& declared() {
  static std::vector<const Declared*> all;
  return all;
}

}  // namespace

Declared::Declared() { declared().push_back(this); }

std::vector<AnyLaw> all_laws() {
  std::vector<AnyLaw> all;
  for (const Declared* each : declared())
    for (AnyLaw& law : each->laws()) all.push_back(std::move(law));
  std::ranges::sort(all, {}, &AnyLaw::name);
  return all;
}

const corpora::Catalog& no_operators() {
  static const corpora::Catalog none;
  return none;
}

}  // namespace properties
