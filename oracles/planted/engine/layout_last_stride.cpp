#include "engine/core/shape.h"
#include "oracles/planted/engine/engine_plant.h"

namespace oracles::plants {
namespace {

void look_at_the_last_stride(const Kernel& right, const Call& call, Stack& stack) {
  const Tensor self = stack.back().tensor();
  if (self.defined() && self.rank() >= 2 && self.strides().back() == 1) {
    const engine::Dims rows = engine::contiguous_strides(self.sizes());
    const auto held = static_cast<int64_t>(self.storage()->bytes() / engine::size_of(self.dtype()));
    if (engine::fits(self.sizes(), rows, self.offset(), held))
      stack.replace_last(1, self.view(self.sizes(), rows, self.offset()));
  }
  call_kernel(right, call, stack);
}

const DeclaredPlant layout_last_stride{
    {"layout_last_stride", "layout", "aten::exp", "exp takes an input for contiguous if its last stride is 1",
     replacing({"aten::exp"}, {DispatchKey::CPU}, look_at_the_last_stride)}};

}  // namespace
}  // namespace oracles::plants
