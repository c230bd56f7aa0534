// BoundPlan: a plan with its compiled kernels: what a fused call of known sizes runs.
#pragma once

#include "engine/fuser/group_plan.h"
#include "engine/fuser/kernel_cache.h"

namespace engine::fuser {

// What decides the plan of a call: dtypes, sizes and strides of its inputs.
using PlanKey = SmallVector<int64_t, 32>;
PlanKey plan_key(std::span<const Value> inputs);

class BoundPlan {
 public:
  // Throws EnvironmentError as the compiler does.
  BoundPlan(PlanKey key, GroupPlan plan, KernelCache& kernels);

  const PlanKey& key() const { return key_; }
  // Runs the kernels. The outputs, in order.
  SmallVector<Tensor> run(std::span<const Value> inputs, Dispatcher& dispatcher) const;

 private:
  PlanKey key_;
  GroupPlan plan_;
  std::vector<KernelPtr> kernels_;  // of the launches
};

}  // namespace engine::fuser
