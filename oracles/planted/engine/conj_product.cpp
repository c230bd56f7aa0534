#include "oracles/planted/engine/engine_plant.h"

namespace oracles::plants {
namespace {

void forget_to_conjugate(const Kernel& right, const Call& call, Stack& stack) {
  const std::span<Value> factors = stack.last(2);
  const auto is_conj = [](const Value& factor) {
    return factor.tensor().defined() && factor.tensor().is_conj();
  };
  if (is_conj(factors[0]) && is_conj(factors[1]) && factors[0].tensor().rank() >= 2)
    for (Value& factor : factors) factor = factor.tensor().toggled(DispatchKey::Conjugate);
  call_kernel(right, call, stack);
}

const DeclaredPlant conj_product{
    {"conj_product", "conj", "aten::mul.Tensor",
     "the product of two lazy conjugates is not conjugated, from rank 2 on",
     replacing({"aten::mul.Tensor"}, {DispatchKey::Conjugate}, forget_to_conjugate)}};

}  // namespace
}  // namespace oracles::plants
