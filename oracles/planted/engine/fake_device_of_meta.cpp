#include "oracles/planted/engine/fake_plant.h"

namespace oracles::plants {
namespace {

void say_meta(const Kernel& right, const Call& call, Stack& stack) {
  call_kernel(right, call, stack);
  const Tensor made = fake_result(stack);
  if (!made.defined() || made.rank() < 4) return;
  const Tensor& inner = engine::unwrapped(made);
  stack.back() =
      Value(engine::make_wrapper(*engine::interpreter_of(made), inner, inner.storage(), inner.device()));
}

const DeclaredPlant fake_device_of_meta{
    {"fake_device_of_meta", "fake", "aten::zeros_like",
     "the fake result of zeros_like is on the meta device, from rank 4 on",
     replacing({"aten::zeros_like"}, {DispatchKey::Python}, say_meta)}};

}  // namespace
}  // namespace oracles::plants
