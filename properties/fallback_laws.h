// The invariants of the engine's fallbacks, each by its number (INV-nn) a function of any dispatcher: what is
// wrong, or empty. A law draws its own cases or tensors; where a case drives it, the fault ends with its
// text, to be replayed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "corpora/case/choice_source.h"
#include "properties/fallback_world.h"

namespace properties {

struct FallbackLaw {
  int invariant;
  std::string_view name;
  std::string (*fault)(FallbackWorld&, corpora::ChoiceSource&);
};
std::vector<FallbackLaw> fallback_laws();

std::vector<FallbackLaw> laws_of_drawn_cases();
std::vector<FallbackLaw> laws_of_tensors();

}  // namespace properties
