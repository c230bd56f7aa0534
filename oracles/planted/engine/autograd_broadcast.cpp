// A product whose second operand broadcasts along a dimension of its own, and gets the mean of the gradients
// instead of their sum.
#include "engine/ops/formulas.h"
#include "oracles/planted/engine/wrong_derivative.h"

namespace oracles {

namespace {

std::vector<engine::Tensor> averaged(engine::ops::Backward& at, std::vector<engine::Tensor> right) {
  const engine::Tensor& other = at.argument(1);
  const bool stretched = other.rank() >= 3 && other.rank() == at.grad().rank() &&
                         other.element_count() < at.grad().element_count();
  if (stretched) {
    const auto times = static_cast<double>(at.grad().element_count() / other.element_count());
    right[1] = at.ops("aten::div.Scalar", {right[1], times});
  }
  return right;
}

const DeclaredPlant declared{
    {"autograd_broadcast", "autograd", "aten::mul.Tensor",
     "a factor that broadcasts along a dimension of its own, from rank 3 on, gets the mean of its gradients, "
     "not their sum",
     [](engine::Dispatcher& dispatcher) {
       return with_wrong_derivative(dispatcher, "aten::mul.Tensor", averaged);
     }}};

}  // namespace

}  // namespace oracles
