#include "oracles/planted/engine/wrong_derivative.h"

namespace oracles::plants {
namespace {

std::vector<Tensor> without_alpha(engine::ops::Backward& at, std::vector<Tensor> right) {
  if (at.grad().rank() >= 2 && right[1].defined())
    right[1] = at.ops.like_argument(at.ops.neg(at.grad()), at.argument(1));
  return right;
}

const DeclaredPlant autograd_alpha_forgotten{
    {"autograd_alpha_forgotten", "autograd", "aten::sub.Tensor",
     "the gradient of what sub subtracts forgets the factor alpha, from rank 2 on",
     with_wrong_derivative("aten::sub.Tensor", without_alpha)}};

}  // namespace
}  // namespace oracles::plants
