// A sum in blocks of four, which forgets the last element where three are left over and memory is contiguous.
#include "engine/dispatch/boxing.h"
#include "oracles/planted/engine/engine_plant.h"

namespace oracles {

namespace {

struct ForgetsTail {
  engine::Kernel right;

  void operator()(const engine::Call& call, engine::Stack& stack) const {
    engine::Value& argument = stack.last(2)[0];
    const engine::Tensor self = argument.tensor();
    const int64_t count = self.element_count();
    if (count > 4 && count % 4 == 3 && self.is_contiguous())
      argument = engine::Value(self.view({count - 1}, {1}, self.offset()));
    call_kernel(right, call, stack);
  }
};

const DeclaredPlant declared{{"reference_sum_tail", "reference", "aten::sum",
                              "a sum in blocks of four forgets one element where three are left over",
                              [](engine::Dispatcher& dispatcher) {
                                return replace_kernel<ForgetsTail>(dispatcher, "aten::sum",
                                                                   engine::DispatchKey::CPU);
                              }}};

}  // namespace

}  // namespace oracles
