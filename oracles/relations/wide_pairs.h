// WidePairs: the tensors of a call in its own dtype, each with that of the same call on f64 copies. Also
// copies whose values are one unit in the last place of the narrow dtype away.
#pragma once

#include <string>
#include <vector>

#include "corpora/case/choice_source.h"
#include "oracles/compare/side.h"
#include "oracles/outcome.h"
#include "oracles/trial/widened.h"

namespace oracles {

struct WidePair {
  const TensorSnapshot* left = nullptr;
  const TensorSnapshot* right = nullptr;
  Place place;
};

struct WidePairs {
  std::vector<WidePair> pairs;  // of real or complex numbers that are wider on the right side
  bool equal = true;            // all are equal when rounded to the left dtype
  bool exact = true;            // all numbers are equal, also without rounding
  std::string why;              // why the calls cannot be compared, or empty
};

// Of results and of changed inputs.
WidePairs wide_pairs(const CallOutcome& left, const CallOutcome& right);

// All components of all elements.
std::vector<double> components_in(const TensorSnapshot& tensor);

// `wide`, the case `c` in f64, with each number that is not an integer, also a real argument, moved up or
// down by one unit in the last place of `narrowest`: a call may first round its inputs to its narrowest
// dtype. `wide` gives the values of the storages whose numbers are moved.
corpora::Case perturbed(const corpora::Case& c, const corpora::Case& wide, engine::DType narrowest,
                        corpora::ChoiceSource& choices);

}  // namespace oracles
