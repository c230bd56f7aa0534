#include "oracles/planted/engine/wrong_derivative.h"

#include <deque>

namespace oracles::plants {

Plant with_wrong_derivative(std::string_view op, SpoilGradients wrong) {
  return [=](engine::Dispatcher& dispatcher) {
    static std::deque<engine::ops::OperatorDeclaration> kept;  // a declaration outlives its kernels
    const engine::ops::OperatorDeclaration& right = *engine::ops::declared_form(op).declaration;
    engine::ops::OperatorDeclaration& spoiled = kept.emplace_back(right);
    spoiled.derivative.formula = [&right, wrong](engine::ops::Backward& at) {
      return wrong(at, right.derivative.formula(at));
    };
    return engine::autograd::register_autograd(dispatcher, spoiled);
  };
}

}  // namespace oracles::plants
