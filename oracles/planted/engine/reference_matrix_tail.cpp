// A matrix product in blocks of two, which forgets the last row and column of an odd inner dimension from
// five on.
#include "engine/dispatch/boxing.h"
#include "oracles/planted/engine/engine_plant.h"

namespace oracles {

namespace {

struct ForgetsTail {
  engine::Kernel right;

  void operator()(const engine::Call& call, engine::Stack& stack) const {
    const std::span<engine::Value> arguments = stack.last(2);
    const engine::Tensor a = arguments[0].tensor(), b = arguments[1].tensor();
    const bool fits = a.rank() == 2 && b.rank() == 2 && a.size(1) == b.size(0);
    if (fits && a.size(1) >= 5 && a.size(1) % 2 == 1) {
      const int64_t inner = a.size(1) - 1;
      arguments[0] = engine::Value(a.view({a.size(0), inner}, a.strides(), a.offset()));
      arguments[1] = engine::Value(b.view({inner, b.size(1)}, b.strides(), b.offset()));
    }
    call_kernel(right, call, stack);
  }
};

const DeclaredPlant declared{{"reference_matrix_tail", "reference", "aten::mm",
                              "a matrix product forgets the last of an odd number of terms, from five on",
                              [](engine::Dispatcher& dispatcher) {
                                return replace_kernel<ForgetsTail>(dispatcher, "aten::mm",
                                                                   engine::DispatchKey::CPU);
                              }}};

}  // namespace

}  // namespace oracles
