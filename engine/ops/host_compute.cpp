#include "engine/ops/host_compute.h"

#include <algorithm>

#include "engine/backends/copy.h"
#include "engine/core/each_tensor.h"

namespace engine::ops {

Compute host_compute(Compute compute) {
  return [compute = std::move(compute)](const CallArguments& args, std::span<const Tensor> results) {
    if (std::all_of(results.begin(), results.end(),
                    [](const Tensor& result) { return result.storage()->on_host(); }))
      return compute(args, results);
    std::vector<Value> values(args.values().begin(), args.values().end());
    for (Value& value : values)
      change_each_tensor(value, [](Tensor& tensor) {
        if (tensor.defined()) tensor = on_host(tensor);
      });
    std::vector<Tensor> here;
    for (const Tensor& result : results)
      here.push_back(make_tensor(result.dtype(), result.sizes(), DeviceType::cpu));
    compute(CallArguments(args.schema(), values), here);
    for (size_t k = 0; k < here.size(); ++k) copy_values(results[k], here[k]);
  };
}

}  // namespace engine::ops
