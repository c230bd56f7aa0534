#include "engine/ops/formulas.h"
#include "oracles/planted/engine/engine_plant.h"

namespace oracles::plants {
namespace {

void add_zero(const Kernel& right, const Call& call, Stack& stack) {
  Value& argument = stack.last(2)[0];
  if (engine::is_floating(argument.tensor().dtype()))
    argument = engine::ops::Formulas(call.dispatcher())("aten::add.Scalar", {argument, 0.0, 1});
  call_kernel(right, call, stack);
}

const DeclaredPlant reference_atan2_zero{{"reference_atan2_zero", "reference", "aten::atan2",
                                          "atan2 loses the sign of a zero, and with it the quadrant",
                                          replacing({"aten::atan2"}, {DispatchKey::CPU}, add_zero)}};

}  // namespace
}  // namespace oracles::plants
