// A sum with a ZeroTensor, which saves the copy where there is nothing to cast or to expand.
#include "engine/dispatch/boxing.h"
#include "oracles/planted/engine/engine_plant.h"

namespace oracles {

namespace {

struct SavesTheCopy {
  engine::Kernel right;

  void operator()(const engine::Call& call, engine::Stack& stack) const {
    const std::span<engine::Value> arguments = stack.last(3);
    const engine::Tensor a = arguments[0].tensor(), b = arguments[1].tensor();
    const bool nothing_to_do = a.defined() && b.defined() && a.dtype() == b.dtype() &&
                               a.sizes() == b.sizes() && !a.is_zero() && b.is_zero();
    if (!nothing_to_do || a.rank() < 2) return call_kernel(right, call, stack);
    stack.replace_last(3, a);
  }
};

const DeclaredPlant declared{{"zero_sum_is_other", "zero", "aten::add.Tensor",
                              "the sum of a tensor and a ZeroTensor is that very tensor, from rank 2 on",
                              [](engine::Dispatcher& dispatcher) {
                                return replace_kernel<SavesTheCopy>(dispatcher, "aten::add.Tensor",
                                                                    engine::DispatchKey::ZeroTensor);
                              }}};

}  // namespace

}  // namespace oracles
