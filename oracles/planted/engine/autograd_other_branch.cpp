#include "oracles/planted/engine/wrong_derivative.h"

namespace oracles::plants {
namespace {

std::vector<Tensor> both_branches(engine::ops::Backward& at, std::vector<Tensor> right) {
  if (at.grad().rank() >= 3 && right[2].defined()) right[2] = at.ops.like_argument(at.grad(), at.argument(2));
  return right;
}

const DeclaredPlant autograd_other_branch{
    {"autograd_other_branch", "autograd", "aten::where.self",
     "the second branch of where gets the gradient of elements that were not chosen, from rank 3 on",
     with_wrong_derivative("aten::where.self", both_branches)}};

}  // namespace
}  // namespace oracles::plants
