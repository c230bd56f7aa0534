// The only driver of laws. RapidCheck draws examples and shrinks one that breaks the law through
// corpora::simpler(), as the minimiser does with findings.
#pragma once

#include <map>
#include <string>

#include "properties/law.h"

namespace properties {

struct Count {
  int draws = 0, tried = 0;
  std::map<std::string, int> not_tried;  // reason -> how often

  double share() const { return draws == 0 ? 0 : static_cast<double>(tried) / draws; }
};
std::string to_string(const Count& count);

// Draws as many examples as RC_PARAMS says (100 without it). Returns false if one breaks the law. RapidCheck
// then prints the smallest such example to standard error, as .case text if the law draws cases.
bool holds(const BoundLaw& law, const std::string& sentence, Count& count);
// Whether one of the first `draws` examples breaks it. The draws are the same in every run.
bool is_broken(const BoundLaw& law, uint64_t draws);

}  // namespace properties
