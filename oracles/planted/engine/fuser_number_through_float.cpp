#include "oracles/planted/engine/fuser_plant.h"

namespace oracles::plants {
namespace {

GroupPlan with_float_numbers(const engine::ir::Graph& group, std::span<const Tensor> inputs) {
  GroupPlan plan = engine::fuser::plan_group(group, inputs);
  for (engine::fuser::Launch& launch : plan.launches)
    for (size_t n = 0; n < launch.program.numbers.size(); ++n) {
      if (launch.program.numbers[n] != engine::ComputeType::f64) continue;
      auto& number = reinterpret_cast<double*>(launch.numbers.data())[n];
      number = static_cast<double>(static_cast<float>(number));
    }
  return plan;
}

const DeclaredPlant fuser_number_through_float{{"fuser_number_through_float", "fuser", "aten::mul.Scalar",
                                                "numbers of f64 kernels pass through f32", right_dispatcher,
                                                [](FuserSteps& steps) { steps.plan = with_float_numbers; }}};

}  // namespace
}  // namespace oracles::plants
