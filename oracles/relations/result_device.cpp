#include "oracles/relations/result_device.h"

#include <algorithm>

namespace oracles {

namespace {

bool has_tensor_on_cpu(const Result& result) {
  if (result.kind == Result::Kind::tensor)
    return result.tensor.defined && !result.tensor.opaque && result.tensor.device == "cpu";
  return std::ranges::any_of(result.list, has_tensor_on_cpu);
}

}  // namespace

int32_t result_on_cpu(const CallOutcome& call) {
  const auto found = std::ranges::find_if(call.results, has_tensor_on_cpu);
  return found == call.results.end() ? -1 : static_cast<int32_t>(found - call.results.begin());
}

}  // namespace oracles
