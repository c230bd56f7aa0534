#include "engine/autograd/grad_mode.h"
#include "engine/ops/formulas.h"
#include "oracles/planted/engine/engine_plant.h"

namespace oracles::plants {
namespace {

// A faster kernel for calls that are not recorded.
void another_formula(const Kernel& right, const Call& call, Stack& stack) {
  call_kernel(right, call, stack);
  if (engine::autograd::GradMode::enabled()) return;
  const engine::ops::Formulas ops(call.dispatcher());
  const Tensor result = stack.back().tensor();
  stack.drop(1);
  stack.push_back(Value(ops("aten::abs", {result})));
}

const DeclaredPlant autograd_unrecorded_formula{
    {"autograd_unrecorded_formula", "autograd", "aten::tanh",
     "tanh has another formula in calls that are not recorded: it loses the sign",
     replacing({"aten::tanh"}, {DispatchKey::Autograd}, another_formula)}};

}  // namespace
}  // namespace oracles::plants
