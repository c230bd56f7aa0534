// A product in place, which checks the rank of what it writes after writing it.
#include "engine/core/error.h"
#include "engine/dispatch/boxing.h"
#include "oracles/planted/engine/engine_plant.h"

namespace oracles {

namespace {

struct RefusesLate {
  engine::Kernel right;

  void operator()(const engine::Call& call, engine::Stack& stack) const {
    const bool refuses = stack.last(2)[0].tensor().rank() >= 4;
    call_kernel(right, call, stack);
    if (refuses) throw engine::Error("mul_: tensors of rank 4 are not supported");
  }
};

const DeclaredPlant declared{
    {"schema_refusal_after_write", "schema", "aten::mul*.Scalar*",
     "mul_ by a number raises from rank 4 on, but only after it has written its result",
     [](engine::Dispatcher& dispatcher) {
       return replace_kernel<RefusesLate>(dispatcher, "aten::mul_.Scalar", engine::DispatchKey::CPU);
     }}};

}  // namespace

}  // namespace oracles
