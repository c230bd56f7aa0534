#include "oracles/planted/engine/wrong_derivative.h"

namespace oracles::plants {
namespace {

std::vector<Tensor> negated_twice(engine::ops::Backward& at, std::vector<Tensor> right) {
  if (at.grad().is_neg()) right[0] = at.ops.neg(right[0]);
  return right;
}

const DeclaredPlant autograd_gradient_bit{
    {"autograd_gradient_bit", "autograd", "aten::exp",
     "the derivative of exp applies the negative bit of an incoming gradient twice",
     with_wrong_derivative("aten::exp", negated_twice)}};

}  // namespace
}  // namespace oracles::plants
