// A product in place, which forgets a negative number's sign from rank 3 on. The other forms are right.
#include "engine/dispatch/boxing.h"
#include "oracles/planted/engine/engine_plant.h"

namespace oracles {

namespace {

struct ForgetsSign {
  engine::Kernel right;

  void operator()(const engine::Call& call, engine::Stack& stack) const {
    const std::span<engine::Value> arguments = stack.last(2);
    const engine::Scalar by = arguments[1].scalar();
    if (arguments[0].tensor().rank() >= 3 && !by.is_complex() && by.to_real() < 0)
      arguments[1] = engine::Value(engine::Scalar(-by.to_real()));
    call_kernel(right, call, stack);
  }
};

const DeclaredPlant declared{
    {"variants_inplace_sign", "variants", "aten::mul*.Scalar*",
     "mul_ by a negative number forgets the sign, from rank 3 on", [](engine::Dispatcher& dispatcher) {
       return replace_kernel<ForgetsSign>(dispatcher, "aten::mul_.Scalar", engine::DispatchKey::CPU);
     }}};

}  // namespace

}  // namespace oracles
