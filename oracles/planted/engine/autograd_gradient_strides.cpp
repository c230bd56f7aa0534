#include <algorithm>

#include "oracles/planted/engine/wrong_derivative.h"

namespace oracles::plants {
namespace {

// The memory of a gradient whose columns come first, read as if its rows came first.
std::vector<Tensor> reads_rows(engine::ops::Backward&, std::vector<Tensor> right) {
  const Tensor& grad = right[0];
  if (grad.rank() < 2) return right;
  const bool columns_first = std::ranges::is_sorted(grad.strides()) && grad.stride(0) == 1;
  if (!columns_first) return right;
  engine::Dims rows_first(grad.rank());
  for (size_t d = grad.rank(), step = 1; d-- > 0; step *= static_cast<size_t>(grad.size(d)))
    rows_first[d] = static_cast<int64_t>(step);
  right[0] = grad.view(grad.sizes(), rows_first, grad.offset());
  return right;
}

const DeclaredPlant autograd_gradient_strides{
    {"autograd_gradient_strides", "autograd", "aten::neg",
     "the derivative of neg reads a gradient whose columns come first as if its rows came first",
     with_wrong_derivative("aten::neg", reads_rows)}};

}  // namespace
}  // namespace oracles::plants
