#include "oracles/relations/result_device.h"

#include <algorithm>

#include "oracles/trial/experiments.h"
#include "oracles/trial/verdicts.h"

namespace oracles {

namespace {

bool has_tensor_on_cpu(const Result& result) {
  if (result.kind == Result::Kind::tensor)
    return result.tensor.defined && !result.tensor.opaque && result.tensor.device == "cpu";
  return std::ranges::any_of(result.list, has_tensor_on_cpu);
}

bool names_device(const engine::Type& type) {
  if (type.kind == engine::TypeKind::optional) return names_device(type.element());
  return type.kind == engine::TypeKind::device;
}

bool knows_device(Trial& trial, size_t call) {
  const auto uses_tensor = [call](const TensorUse& use) { return static_cast<size_t>(use.call) == call; };
  const auto names = [](const engine::Argument& argument) { return names_device(argument.type); };
  return std::ranges::any_of(trial.uses(), uses_tensor) ||
         std::ranges::any_of(trial.operators()[call]->schema.arguments, names);
}

}  // namespace

int32_t result_on_cpu(const CallOutcome& call) {
  const auto found = std::ranges::find_if(call.results, has_tensor_on_cpu);
  return found == call.results.end() ? -1 : static_cast<int32_t>(found - call.results.begin());
}

std::optional<Verdict> result_left_on_cpu(Trial& trial, const Outcome& outcome) {
  for (size_t i = 0; i < outcome.calls.size() && passes(trial.direct(), i); ++i) {
    const int32_t result = result_on_cpu(outcome.calls[i]);
    if (result < 0 || !knows_device(trial, i)) continue;
    Verdict verdict;
    verdict.reach = outcome.reach;
    return differs(trial, i,
                   divergence_of(Kind::device, {Part::result, result}, Word{"the other device"}, Word{"cpu"}),
                   verdict);
  }
  return std::nullopt;
}

}  // namespace oracles
