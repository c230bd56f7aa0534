// The gradient of an expanded tensor comes from the first copy alone where a dimension of four or more was
// added or stretched.
#include "engine/ops/formulas.h"
#include "oracles/planted/engine/wrong_derivative.h"

namespace oracles {

namespace {

std::vector<engine::Tensor> first_copy(engine::ops::Backward& at, std::vector<engine::Tensor> right) {
  constexpr int64_t many = 4;
  const engine::Tensor& self = at.argument(0);
  if (self.rank() == 0 || self.rank() != at.grad().rank()) return right;
  for (size_t d = 0; d < self.rank(); ++d)
    if (self.size(d) == 1 && at.grad().size(d) >= many) {
      const engine::Tensor first = at.ops(
          "aten::slice.Tensor", {at.grad(), static_cast<int64_t>(d), int64_t{0}, int64_t{1}, int64_t{1}});
      return {at.ops.sum_to(first, self.sizes())};
    }
  return right;
}

const DeclaredPlant declared{
    {"autograd_expanded", "autograd", "aten::expand",
     "an expanded tensor gets the gradient of the first copy alone, where four or more were made",
     [](engine::Dispatcher& dispatcher) {
       return with_wrong_derivative(dispatcher, "aten::expand", first_copy);
     }}};

}  // namespace

}  // namespace oracles
