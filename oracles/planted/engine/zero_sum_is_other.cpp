#include "oracles/planted/engine/engine_plant.h"

namespace oracles::plants {
namespace {

void omit_the_copy(const Kernel& right, const Call& call, Stack& stack) {
  const std::span<Value> arguments = stack.last(3);
  const Tensor a = arguments[0].tensor(), b = arguments[1].tensor();
  const bool nothing_to_do = a.defined() && b.defined() && a.dtype() == b.dtype() && a.sizes() == b.sizes() &&
                             !a.is_zero() && b.is_zero();
  if (!nothing_to_do || a.rank() < 2) return call_kernel(right, call, stack);
  stack.replace_last(3, a);
}

const DeclaredPlant zero_sum_is_other{
    {"zero_sum_is_other", "zero", "aten::add.Tensor",
     "the sum of a tensor and a ZeroTensor is that tensor itself, not a copy, from rank 2 on",
     replacing({"aten::add.Tensor"}, {DispatchKey::ZeroTensor}, omit_the_copy)}};

}  // namespace
}  // namespace oracles::plants
