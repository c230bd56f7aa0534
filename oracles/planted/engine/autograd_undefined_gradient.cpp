#include "oracles/planted/engine/wrong_derivative.h"

namespace oracles::plants {
namespace {

std::vector<Tensor> needs_all(engine::ops::Backward& at, std::vector<Tensor> right) {
  for (size_t k = 0; k < at.result_count(); ++k)
    if (!at.grad(k).defined()) return std::vector<Tensor>(right.size());
  return right;
}

const DeclaredPlant autograd_undefined_gradient{
    {"autograd_undefined_gradient", "autograd", "aten::unbind.int",
     "unbind drops all gradients if that of one of its results is undefined",
     with_wrong_derivative("aten::unbind.int", needs_all)}};

}  // namespace
}  // namespace oracles::plants
