#include "oracles/planted/engine/fake_plant.h"

namespace oracles::plants {
namespace {

// The first argument is fake, too.
void keep_bool(const Kernel& right, const Call& call, Stack& stack) {
  const Tensor self = stack.last(call.schema().arguments.size())[0].tensor();
  call_kernel(right, call, stack);
  const Tensor made = fake_result(stack);
  if (!made.defined() || self.dtype() != engine::DType::b8 || made.dtype() == self.dtype()) return;
  const Tensor& inner = engine::unwrapped(made);
  stack.back() =
      Value(engine::make_wrapper(*engine::interpreter_of(made),
                                 inner.view_as(self.dtype(), inner.sizes(), inner.strides(), inner.offset()),
                                 made.storage(), made.device()));
}

const DeclaredPlant fake_dtype_of_bool{{"fake_dtype_of_bool", "fake", "aten::sum",
                                        "the fake sum of bools is a bool",
                                        replacing({"aten::sum"}, {DispatchKey::Python}, keep_bool)}};

}  // namespace
}  // namespace oracles::plants
