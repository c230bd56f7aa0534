#include "oracles/planted/engine/wrong_derivative.h"

namespace oracles::plants {
namespace {

std::vector<Tensor> averaged(engine::ops::Backward& at, std::vector<Tensor> right) {
  const Tensor& other = at.argument(1);
  const bool broadcasts = other.rank() >= 3 && other.rank() == at.grad().rank() &&
                          other.element_count() < at.grad().element_count();
  if (broadcasts) {
    const auto times = static_cast<double>(at.grad().element_count() / other.element_count());
    right[1] = at.ops("aten::div.Scalar", {right[1], times});
  }
  return right;
}

const DeclaredPlant autograd_broadcast{
    {"autograd_broadcast", "autograd", "aten::mul.Tensor",
     "a factor that broadcasts along a dimension of its own gets the mean of its gradients, not their sum, "
     "from rank 3 on",
     with_wrong_derivative("aten::mul.Tensor", averaged)}};

}  // namespace
}  // namespace oracles::plants
