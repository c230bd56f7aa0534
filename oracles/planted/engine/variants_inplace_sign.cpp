#include "oracles/planted/engine/engine_plant.h"

namespace oracles::plants {
namespace {

void forget_sign(const Kernel& right, const Call& call, Stack& stack) {
  const std::span<Value> arguments = stack.last(2);
  const engine::Scalar by = arguments[1].scalar();
  if (arguments[0].tensor().rank() >= 3 && !by.is_complex() && by.to_real() < 0)
    arguments[1] = engine::Scalar(-by.to_real());
  call_kernel(right, call, stack);
}

const DeclaredPlant variants_inplace_sign{
    {"variants_inplace_sign", "variants", "aten::mul*.Scalar*",
     "mul_ by a negative number forgets the sign, from rank 3 on",
     replacing({"aten::mul_.Scalar"}, {DispatchKey::CPU}, forget_sign)}};

}  // namespace
}  // namespace oracles::plants
