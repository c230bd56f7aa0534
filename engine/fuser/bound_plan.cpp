#include "engine/fuser/bound_plan.h"

#include "engine/core/shape.h"
#include "engine/dispatch/dispatcher.h"

namespace engine::fuser {

namespace {

using Pointers = SmallVector<char*, 16>;
using Strides = SmallVector<int64_t, 16>;

char* first_of(const Tensor& tensor, const PlannedLane& lane) {
  return tensor.data<char>() + lane.offset * static_cast<int64_t>(size_of(tensor.dtype()));
}

// Runs a kernel row by row along the last dimension.
class Walk {
 public:
  Walk(const Launch& launch, FusedFunction function) : launch_(launch), function_(function) {}

  void add(const Tensor& tensor, const PlannedLane& lane) {
    at_.push_back(first_of(tensor, lane));
    inner_.push_back(lane.strides.back());
    lanes_.push_back(&lane);
    width_.push_back(static_cast<int64_t>(size_of(tensor.dtype())));
  }

  void run() {
    const Dims& sizes = launch_.sizes;
    Dims index(sizes.size() - 1, 0);
    for (;;) {
      function_(at_.data(), inner_.data(), reinterpret_cast<const char*>(launch_.numbers.data()),
                &half_conversions(), sizes.back());
      size_t d = index.size();
      for (; d > 0; --d) {
        const bool more = ++index[d - 1] < sizes[d - 1];
        step(d - 1, more ? 1 : 1 - sizes[d - 1]);
        if (more) break;
        index[d - 1] = 0;
      }
      if (d == 0) return;
    }
  }

 private:
  void step(size_t d, int64_t count) {
    for (size_t l = 0; l < at_.size(); ++l) at_[l] += count * lanes_[l]->strides[d] * width_[l];
  }

  const Launch& launch_;
  FusedFunction function_;
  Pointers at_;
  Strides inner_, width_;
  SmallVector<const PlannedLane*, 16> lanes_;
};

Tensor part_of(const Tensor& whole, const PlannedResult& part, Dispatcher& dispatcher) {
  Stack stack{whole, part.dim, part.start, part.end, 1};
  dispatcher.op("aten::slice.Tensor").call_boxed(stack);
  return stack.back().tensor();
}

}  // namespace

PlanKey plan_key(std::span<const Value> inputs) {
  PlanKey key;
  for (const Value& input : inputs) {
    const Tensor& tensor = input.tensor();
    key.push_back(static_cast<int64_t>(tensor.dtype()));
    key.push_back(static_cast<int64_t>(tensor.rank()));
    key.insert(key.end(), tensor.sizes().begin(), tensor.sizes().end());
    key.insert(key.end(), tensor.strides().begin(), tensor.strides().end());
  }
  return key;
}

BoundPlan::BoundPlan(PlanKey key, GroupPlan plan, KernelCache& kernels)
    : key_(std::move(key)), plan_(std::move(plan)) {
  for (const Launch& launch : plan_.launches) kernels_.push_back(kernels.kernel(launch.program));
}

SmallVector<Tensor> BoundPlan::run(std::span<const Value> inputs, Dispatcher& dispatcher) const {
  SmallVector<Tensor> allocated, results, outputs;
  for (const AllocatedTensor& each : plan_.allocated)
    allocated.push_back(make_strided_tensor(each.dtype, each.sizes, each.strides));
  for (size_t i = 0; i < plan_.launches.size(); ++i) {
    const Launch& launch = plan_.launches[i];
    if (element_count(launch.sizes) == 0) continue;
    Walk walk(launch, kernels_[i]->function());
    for (const PlannedLane& lane : launch.outputs) walk.add(allocated[lane.tensor], lane);
    for (const PlannedLane& lane : launch.lanes) walk.add(inputs[lane.tensor].tensor(), lane);
    walk.run();
  }
  for (const PlannedResult& each : plan_.results) {
    switch (each.kind) {
      case PlannedResult::Kind::input:
        results.push_back(inputs[each.of].tensor());
        break;
      case PlannedResult::Kind::allocated:
        results.push_back(allocated[each.of]);
        break;
      case PlannedResult::Kind::part:
        results.push_back(part_of(results[each.of], each, dispatcher));
        break;
    }
  }
  for (const size_t output : plan_.outputs) outputs.push_back(results[output]);
  return outputs;
}

}  // namespace engine::fuser
