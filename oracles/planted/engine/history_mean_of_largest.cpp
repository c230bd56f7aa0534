#include <algorithm>

#include "oracles/planted/engine/engine_plant.h"

namespace oracles::plants {
namespace {

// Keeps the largest number of elements, as if for scratch memory.
void divide_by_largest(const Kernel& right, const Call& call, Stack& stack) {
  static int64_t largest = 1;
  const Tensor self = stack.last(2)[0].tensor();
  const int64_t count = self.element_count();
  largest = std::max(largest, count);
  call_kernel(right, call, stack);
  const Tensor mean = stack.back().tensor();
  if (mean.dtype() != engine::DType::f64 || self.rank() < 2 || count == largest) return;
  mean.data<double>()[0] *= static_cast<double>(count) / static_cast<double>(largest);
}

const DeclaredPlant history_mean_of_largest{
    {"history_mean_of_largest", "history", "aten::mean",
     "from rank 2 on, a mean of f64 divides by the largest number of elements of all calls",
     replacing({"aten::mean"}, {DispatchKey::CPU}, divide_by_largest)}};

}  // namespace
}  // namespace oracles::plants
