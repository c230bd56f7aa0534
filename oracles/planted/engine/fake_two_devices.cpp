#include "oracles/planted/engine/fake_plant.h"

namespace oracles::plants {
namespace {

// The second argument as a fake on the device of the first.
void ignore_second_device(const Kernel& right, const Call& call, Stack& stack) {
  Value& second = stack.last(2)[1];
  const Tensor a = stack.last(2)[0].tensor(), b = second.tensor();
  if (fake_mode_of(a) && fake_mode_of(b) && a.device() != b.device()) {
    const Tensor& inner = engine::unwrapped(b);
    second = Value(engine::make_wrapper(*engine::interpreter_of(b), inner, inner.storage(), a.device()));
  }
  call_kernel(right, call, stack);
}

const DeclaredPlant fake_two_devices{
    {"fake_two_devices", "fake", "aten::minimum", "minimum accepts fake tensors on two devices",
     replacing({"aten::minimum"}, {DispatchKey::Python}, ignore_second_device)}};

}  // namespace
}  // namespace oracles::plants
