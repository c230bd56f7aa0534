// A product of two lazy conjugates, computed from what memory holds: the result is left as it is.
#include "engine/dispatch/boxing.h"
#include "oracles/planted/engine/engine_plant.h"

namespace oracles {

namespace {

struct ForgetsToConjugate {
  engine::Kernel right;

  void operator()(const engine::Call& call, engine::Stack& stack) const {
    const std::span<engine::Value> factors = stack.last(2);
    const auto is_conj = [](const engine::Value& factor) {
      return factor.tensor().defined() && factor.tensor().is_conj();
    };
    if (is_conj(factors[0]) && is_conj(factors[1]) && factors[0].tensor().rank() >= 2)
      for (engine::Value& factor : factors) factor = factor.tensor().toggled(engine::DispatchKey::Conjugate);
    call_kernel(right, call, stack);
  }
};

const DeclaredPlant declared{{"conj_product", "conj", "aten::mul.Tensor",
                              "the product of two lazy conjugates is not conjugated, from rank 2 on",
                              [](engine::Dispatcher& dispatcher) {
                                return replace_kernel<ForgetsToConjugate>(dispatcher, "aten::mul.Tensor",
                                                                          engine::DispatchKey::Conjugate);
                              }}};

}  // namespace

}  // namespace oracles
