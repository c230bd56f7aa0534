#include "oracles/planted/engine/wrong_derivative.h"

namespace oracles::plants {
namespace {

std::vector<Tensor> not_transposed(engine::ops::Backward& at, std::vector<Tensor> right) {
  const Tensor& other = at.argument(1);
  if (right[0].defined() && other.size(0) == other.size(1) && other.size(0) > 1)
    right[0] = at.ops("aten::mm", {at.grad(), at.ops.conj(other)});
  return right;
}

const DeclaredPlant autograd_square_matrix{
    {"autograd_square_matrix", "autograd", "aten::mm",
     "the gradient of a product with a square matrix uses the matrix without transposing it",
     with_wrong_derivative("aten::mm", not_transposed)}};

}  // namespace
}  // namespace oracles::plants
