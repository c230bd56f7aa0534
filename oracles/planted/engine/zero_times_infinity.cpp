#include "engine/ops/formulas.h"
#include "oracles/planted/engine/engine_plant.h"

namespace oracles::plants {
namespace {

void assume_finite(const Kernel& right, const Call& call, Stack& stack) {
  const engine::ops::Formulas ops(call.dispatcher());
  for (Value& factor : stack.last(2))
    if (factor.tensor().defined() && !factor.tensor().is_zero() && factor.tensor().rank() > 2)
      factor = ops("aten::ones_like", {factor});
  call_kernel(right, call, stack);
}

const DeclaredPlant zero_times_infinity{
    {"zero_times_infinity", "zero", "aten::mul.Tensor", "zero times infinity or NaN is zero, from rank 3 on",
     replacing({"aten::mul.Tensor"}, {DispatchKey::ZeroTensor}, assume_finite)}};

}  // namespace
}  // namespace oracles::plants
