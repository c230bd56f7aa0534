// exp, which takes a last stride of 1 for contiguous.
#include "engine/core/shape.h"
#include "engine/dispatch/boxing.h"
#include "oracles/planted/engine/engine_plant.h"

namespace oracles {

namespace {

struct LooksAtTheLastStride {
  engine::Kernel right;

  void operator()(const engine::Call& call, engine::Stack& stack) const {
    const engine::Tensor self = stack.back().tensor();
    if (self.defined() && self.rank() >= 2 && self.strides().back() == 1) {
      const engine::Dims rows = engine::contiguous_strides(self.sizes());
      const auto held = static_cast<int64_t>(self.storage()->bytes() / engine::size_of(self.dtype()));
      if (engine::fits(self.sizes(), rows, self.offset(), held))
        stack.replace_last(1, self.view(self.sizes(), rows, self.offset()));
    }
    call_kernel(right, call, stack);
  }
};

const DeclaredPlant declared{{"layout_last_stride", "layout", "aten::exp",
                              "takes a last stride of 1 for contiguous", [](engine::Dispatcher& dispatcher) {
                                return replace_kernel<LooksAtTheLastStride>(dispatcher, "aten::exp",
                                                                            engine::DispatchKey::CPU);
                              }}};

}  // namespace

}  // namespace oracles
