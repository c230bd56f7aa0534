#include "oracles/planted/engine/wrong_derivative.h"

namespace oracles::plants {
namespace {

std::vector<Tensor> not_conjugated(engine::ops::Backward& at, std::vector<Tensor> right) {
  if (!engine::is_complex(at.grad().dtype()) || !right[0].defined()) return right;
  const Tensor& other = at.argument(1);
  right[0] = at.ops.like_argument(at.ops.mul(at.grad(), other), at.argument(0));
  return right;
}

const DeclaredPlant autograd_not_conjugated{
    {"autograd_not_conjugated", "autograd", "aten::mul.Tensor",
     "the gradient of a complex factor is multiplied by the other factor instead of its conjugate",
     with_wrong_derivative("aten::mul.Tensor", not_conjugated)}};

}  // namespace
}  // namespace oracles::plants
