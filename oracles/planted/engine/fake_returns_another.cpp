#include "oracles/planted/engine/fake_plant.h"

namespace oracles::plants {
namespace {

void return_another(const Kernel& right, const Call& call, Stack& stack) {
  call_kernel(right, call, stack);
  const Tensor made = fake_result(stack);
  if (!made.defined() || made.rank() < 4) return;
  stack.back() = Value(engine::make_wrapper(*engine::interpreter_of(made), engine::unwrapped(made),
                                            made.storage(), made.device()));
}

const DeclaredPlant fake_returns_another{
    {"fake_returns_another", "fake", "aten::mul_.Tensor",
     "mul_ returns another fake tensor than its argument, from rank 4 on",
     replacing({"aten::mul_.Tensor"}, {DispatchKey::Python}, return_another)}};

}  // namespace
}  // namespace oracles::plants
