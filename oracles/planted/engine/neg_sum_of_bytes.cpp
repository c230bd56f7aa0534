#include "engine/ops/formulas.h"
#include "oracles/planted/engine/engine_plant.h"

namespace oracles::plants {
namespace {

void negate_the_sum(const Kernel& right, const Call& call, Stack& stack) {
  Value& self = stack.last(2)[0];
  const bool negates = self.tensor().defined() && self.tensor().is_neg();
  if (negates) self = self.tensor().toggled(DispatchKey::Negative);
  call_kernel(right, call, stack);
  if (negates) stack.replace_last(1, engine::ops::Formulas(call.dispatcher()).neg(stack.back().tensor()));
}

const DeclaredPlant neg_sum_of_bytes{
    {"neg_sum_of_bytes", "neg", "aten::sum",
     "the sum of a lazy negative is the negated sum of memory; u8 must be negated before it is widened",
     replacing({"aten::sum"}, {DispatchKey::Negative}, negate_the_sum)}};

}  // namespace
}  // namespace oracles::plants
