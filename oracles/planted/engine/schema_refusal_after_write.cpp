#include "engine/core/error.h"
#include "oracles/planted/engine/engine_plant.h"

namespace oracles::plants {
namespace {

void reject_late(const Kernel& right, const Call& call, Stack& stack) {
  const bool rejects = stack.last(2)[0].tensor().rank() >= 4;
  call_kernel(right, call, stack);
  if (rejects) throw engine::Error("mul_: tensors of rank 4 are not supported");
}

const DeclaredPlant schema_refusal_after_write{
    {"schema_refusal_after_write", "schema", "aten::mul*.Scalar*",
     "mul_ by a number raises from rank 4 on, but only after it has written its result",
     replacing({"aten::mul_.Scalar"}, {DispatchKey::CPU}, reject_late)}};

}  // namespace
}  // namespace oracles::plants
