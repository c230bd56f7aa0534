#include "engine/ops/host_compute.h"

#include <algorithm>

#include "engine/backends/copy.h"

namespace engine::ops {

namespace {

Tensor readable(const Tensor& tensor) { return tensor.defined() ? on_host(tensor) : tensor; }

Value readable(const Value& value) {
  if (value.is_tensor()) return Value(readable(value.tensor()));
  if (value.is(ValueTag::tensors)) {
    std::vector<Tensor> tensors;
    for (const Tensor& tensor : value.tensors()) tensors.push_back(readable(tensor));
    return Value(std::move(tensors));
  }
  if (!value.is(ValueTag::optional_tensors)) return value;
  std::vector<std::optional<Tensor>> tensors;
  for (const std::optional<Tensor>& tensor : value.optional_tensors())
    tensors.push_back(tensor ? std::optional(readable(*tensor)) : std::nullopt);
  return Value(std::move(tensors));
}

}  // namespace

Compute host_compute(Compute compute) {
  return [compute = std::move(compute)](const CallArguments& args, std::span<const Tensor> results) {
    if (std::all_of(results.begin(), results.end(),
                    [](const Tensor& result) { return result.storage()->on_host(); }))
      return compute(args, results);
    std::vector<Value> values;
    for (const Value& value : args.values()) values.push_back(readable(value));
    std::vector<Tensor> here;
    for (const Tensor& result : results)
      here.push_back(make_tensor(result.dtype(), result.sizes(), DeviceType::cpu));
    compute(CallArguments(args.schema(), values), here);
    for (size_t k = 0; k < here.size(); ++k) copy_values(results[k], here[k]);
  };
}

}  // namespace engine::ops
