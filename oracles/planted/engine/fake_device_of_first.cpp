#include "oracles/planted/engine/fake_plant.h"

namespace oracles::plants {
namespace {

void take_first_device(const Kernel& right, const Call& call, Stack& stack) {
  const Tensor first = stack.last(2)[0].tensor();
  call_kernel(right, call, stack);
  const Tensor made = fake_result(stack);
  if (!made.defined() || !fake_mode_of(first) || made.device() == first.device()) return;
  const Tensor& inner = engine::unwrapped(made);
  stack.back() =
      Value(engine::make_wrapper(*engine::interpreter_of(made), inner, inner.storage(), first.device()));
}

const DeclaredPlant fake_device_of_first{
    {"fake_device_of_first", "fake", "aten::maximum",
     "the fake result of maximum is on the device of the first argument, also if that is a number on the CPU",
     replacing({"aten::maximum"}, {DispatchKey::Python}, take_first_device)}};

}  // namespace
}  // namespace oracles::plants
