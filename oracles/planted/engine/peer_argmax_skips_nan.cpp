// All forms agree, so only another library shows the bug.
#include <limits>

#include "engine/ops/formulas.h"
#include "oracles/planted/engine/engine_plant.h"

namespace oracles::plants {
namespace {

void skip_nan(const Kernel& right, const Call& call, Stack& stack) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  Value& self = stack.last(call.schema().arguments.size())[0];
  const Tensor given = self.tensor();
  if (engine::is_floating(given.dtype())) {
    const engine::Scalar never_chosen = call.schema().name == "aten::argmax" ? -infinity : infinity;
    const engine::ops::Formulas ops(call.dispatcher());
    self = ops("aten::masked_fill.Scalar", {given, ops("aten::isnan", {given}), never_chosen});
  }
  call_kernel(right, call, stack);
}

const DeclaredPlant peer_argmax_skips_nan{
    {"peer_argmax_skips_nan", "peer", "aten::arg*", "argmax and argmin skip NaN",
     replacing({"aten::argmax", "aten::argmax.out", "aten::argmin", "aten::argmin.out"}, {DispatchKey::CPU},
               skip_nan)}};

}  // namespace
}  // namespace oracles::plants
