// The invariants of dispatching that are about programs, INV-05 to INV-25 of its rules, each as a function of
// any machine: what is wrong, or empty. A law draws its own programs.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "corpora/case/choice_source.h"
#include "oracles/dispatch/machine.h"

namespace properties {

struct DispatchLaw {
  int invariant;
  std::string_view name;
  std::string (*fault)(oracles::DispatchMachine&, corpora::ChoiceSource&);
};
std::span<const DispatchLaw> dispatch_laws();

}  // namespace properties
