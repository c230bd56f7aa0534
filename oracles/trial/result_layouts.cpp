#include "oracles/trial/result_layouts.h"

#include <algorithm>

#include "oracles/trial/effects.h"

namespace oracles {

bool returns_other_layouts(const Outcome& outcome) {
  return std::ranges::any_of(outcome.calls, [](const CallOutcome& call) {
    return std::ranges::any_of(tensor_results(call), [](const TensorSnapshot* t) { return t->opaque; });
  });
}

}  // namespace oracles
