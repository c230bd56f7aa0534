#include "oracles/planted/engine/fake_plant.h"

namespace oracles::plants {
namespace {

void refuse_numbers(const Kernel& right, const Call& call, Stack& stack) {
  const Tensor& self = stack.back().tensor();
  if (fake_mode_of(self) && self.rank() == 0) throw engine::Error("a fake tensor without dimensions");
  call_kernel(right, call, stack);
}

const DeclaredPlant fake_refuses_no_dimensions{
    {"fake_refuses_no_dimensions", "fake", "aten::tanh", "tanh refuses fake tensors without dimensions",
     replacing({"aten::tanh"}, {DispatchKey::Python}, refuse_numbers)}};

}  // namespace
}  // namespace oracles::plants
