#include "oracles/planted/engine/fuser_plant.h"

namespace oracles::plants {
namespace {

GroupPlan misplace_third(const engine::ir::Graph& group, std::span<const Tensor> inputs) {
  GroupPlan plan = engine::fuser::plan_group(group, inputs);
  std::vector<engine::fuser::PlannedLane*> parts;
  for (engine::fuser::Launch& launch : plan.launches)
    if (launch.program.steps.empty() && plan.allocated[launch.outputs[0].tensor].sizes.size() > 1)
      parts.push_back(launch.outputs.data());
  if (parts.size() > 2 && parts[1]->tensor == parts[2]->tensor) parts[2]->offset = parts[1]->offset;
  return plan;
}

const DeclaredPlant fuser_concat_misplaced{
    {"fuser_concat_misplaced", "fuser", "aten::cat",
     "the third part of a fused concatenation is written over the second, from rank 2 on", right_dispatcher,
     [](FuserSteps& steps) { steps.plan = misplace_third; }}};

}  // namespace
}  // namespace oracles::plants
