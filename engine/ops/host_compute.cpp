#include "engine/ops/host_compute.h"

#include <algorithm>

#include "engine/backends/copy.h"

namespace engine::ops {

namespace {

Value on_host(const Value& value) {
  if (value.is_tensor() && value.tensor().defined()) return Value(engine::on_host(value.tensor()));
  if (!value.is(ValueTag::tensors)) return value;
  std::vector<Tensor> tensors;
  for (const Tensor& tensor : value.tensors())
    tensors.push_back(tensor.defined() ? engine::on_host(tensor) : tensor);
  return Value(std::move(tensors));
}

}  // namespace

Compute host_compute(Compute compute) {
  return [compute = std::move(compute)](const CallArguments& args, std::span<const Tensor> results) {
    if (std::all_of(results.begin(), results.end(),
                    [](const Tensor& result) { return result.storage()->on_host(); }))
      return compute(args, results);
    std::vector<Value> values;
    for (const Value& value : args.values()) values.push_back(on_host(value));
    std::vector<Tensor> here;
    for (const Tensor& result : results) here.push_back(make_tensor(result.dtype(), result.sizes(), DeviceType::cpu));
    compute(CallArguments(args.schema(), values), here);
    for (size_t k = 0; k < here.size(); ++k) copy_values(results[k], here[k]);
  };
}

}  // namespace engine::ops
