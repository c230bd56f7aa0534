// A sum of a lazy negative as the negated sum of memory: wrong for bytes, whose negation wraps before it is
// widened.
#include "engine/dispatch/boxing.h"
#include "engine/ops/formulas.h"
#include "oracles/planted/engine/engine_plant.h"

namespace oracles {

namespace {

struct NegatesTheSum {
  engine::Kernel right;

  void operator()(const engine::Call& call, engine::Stack& stack) const {
    engine::Value& self = stack.last(2)[0];
    const bool negates = self.tensor().defined() && self.tensor().is_neg();
    if (negates) self = self.tensor().toggled(engine::DispatchKey::Negative);
    call_kernel(right, call, stack);
    if (negates) stack.replace_last(1, engine::ops::Formulas(call.dispatcher()).neg(stack.back().tensor()));
  }
};

const DeclaredPlant declared{
    {"neg_sum_of_bytes", "neg", "aten::sum",
     "the sum of a lazy negative is the negated sum of what memory holds, and bytes wrap",
     [](engine::Dispatcher& dispatcher) {
       return replace_kernel<NegatesTheSum>(dispatcher, "aten::sum", engine::DispatchKey::Negative);
     }}};

}  // namespace

}  // namespace oracles
