#include "engine/autograd/forward_mode.h"
#include "engine/ops/formulas.h"
#include "oracles/planted/engine/engine_plant.h"

namespace oracles::plants {
namespace {

void negate_tangent(const Kernel& right, const Call& call, Stack& stack) {
  const auto level = engine::autograd::innermost_level(stack.last(call.schema().arguments.size()));
  call_kernel(right, call, stack);
  const Tensor result = stack.back().tensor();
  if (level == 0 || result.rank() < 2) return;
  const Tensor tangent = engine::autograd::tangent_of(call.dispatcher(), result, level);
  if (!tangent.defined()) return;
  engine::autograd::set_tangent(call.dispatcher(), result,
                                engine::ops::Formulas(call.dispatcher()).neg(tangent), level);
}

const DeclaredPlant autograd_tangent_sign{
    {"autograd_tangent_sign", "autograd", "aten::sigmoid",
     "the tangent of sigmoid has the wrong sign from rank 2 on; its gradient is right",
     replacing({"aten::sigmoid"}, {DispatchKey::Autograd}, negate_tangent)}};

}  // namespace
}  // namespace oracles::plants
