// atan2 that adds a positive zero to its first operand on the way: of a negative zero the quadrant is lost.
#include "engine/dispatch/boxing.h"
#include "engine/dispatch/operator.h"
#include "oracles/planted/engine/engine_plant.h"

namespace oracles {

namespace {

struct AddsZero {
  engine::Kernel right;

  void operator()(const engine::Call& call, engine::Stack& stack) const {
    engine::Value& argument = stack.last(2)[0];
    if (engine::is_floating(argument.tensor().dtype())) {
      engine::Stack sum;
      sum.push_back(argument);
      sum.push_back(engine::Value(engine::Scalar(0.0)));
      sum.push_back(engine::Value(engine::Scalar(1)));
      call.dispatcher().op("aten::add.Scalar").call_boxed(sum);
      argument = sum.last(1)[0];
    }
    call_kernel(right, call, stack);
  }
};

const DeclaredPlant declared{
    {"reference_atan2_zero", "reference", "aten::atan2",
     "atan2 loses the sign of a zero, and with it the quadrant", [](engine::Dispatcher& dispatcher) {
       return replace_kernel<AddsZero>(dispatcher, "aten::atan2", engine::DispatchKey::CPU);
     }}};

}  // namespace

}  // namespace oracles
