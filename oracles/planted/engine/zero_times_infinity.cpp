// A product with a ZeroTensor, which takes another operand of many dimensions for finite without a look.
#include "engine/dispatch/boxing.h"
#include "engine/ops/formulas.h"
#include "oracles/planted/engine/engine_plant.h"

namespace oracles {

namespace {

struct TakesForFinite {
  engine::Kernel right;

  void operator()(const engine::Call& call, engine::Stack& stack) const {
    const engine::ops::Formulas ops(call.dispatcher());
    for (engine::Value& factor : stack.last(2))
      if (factor.tensor().defined() && !factor.tensor().is_zero() && factor.tensor().rank() > 2)
        factor = ops("aten::ones_like", {factor, engine::Value(), engine::Value(), engine::Value(),
                                         engine::Value(), engine::Value()});
    call_kernel(right, call, stack);
  }
};

const DeclaredPlant declared{
    {"zero_times_infinity", "zero", "aten::mul.Tensor",
     "zero times infinity or NaN is zero in more than two dimensions", [](engine::Dispatcher& dispatcher) {
       return replace_kernel<TakesForFinite>(dispatcher, "aten::mul.Tensor", engine::DispatchKey::ZeroTensor);
     }}};

}  // namespace

}  // namespace oracles
