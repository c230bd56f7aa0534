#include "oracles/planted/engine/wrong_derivative.h"

namespace oracles::plants {
namespace {

std::vector<Tensor> first_copy(engine::ops::Backward& at, std::vector<Tensor> right) {
  constexpr int64_t many = 4;
  const Tensor& self = at.argument(0);
  if (self.rank() == 0 || self.rank() != at.grad().rank()) return right;
  for (size_t d = 0; d < self.rank(); ++d)
    if (self.size(d) == 1 && at.grad().size(d) >= many) {
      const Tensor first = at.ops("aten::slice.Tensor", {at.grad(), static_cast<int64_t>(d), 0, 1, 1});
      return {at.ops.sum_to(first, self.sizes())};
    }
  return right;
}

const DeclaredPlant autograd_expanded{
    {"autograd_expanded", "autograd", "aten::expand",
     "an expanded tensor gets the gradient of the first copy only, if there are four copies or more",
     with_wrong_derivative("aten::expand", first_copy)}};

}  // namespace
}  // namespace oracles::plants
