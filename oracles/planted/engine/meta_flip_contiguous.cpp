// flip on the meta device, whose result is always contiguous.
#include "engine/core/shape.h"
#include "engine/dispatch/boxing.h"
#include "oracles/planted/engine/engine_plant.h"

namespace oracles {

namespace {

struct ForgetsOrder {
  engine::Kernel right;

  void operator()(const engine::Call& call, engine::Stack& stack) const {
    call_kernel(right, call, stack);
    const engine::Tensor& made = stack.back().tensor();
    if (made.rank() >= 3)
      made.set_geometry(made.sizes(), engine::contiguous_strides(made.sizes()), made.offset());
  }
};

const DeclaredPlant declared{{"meta_flip_contiguous", "meta", "aten::flip",
                              "its Meta kernel returns contiguous results where the real kernel keeps the "
                              "order of memory, from rank 3 on",
                              [](engine::Dispatcher& dispatcher) {
                                return replace_kernel<ForgetsOrder>(dispatcher, "aten::flip",
                                                                    engine::DispatchKey::Meta);
                              }}};

}  // namespace

}  // namespace oracles
