// x + 1. From rank 4 on its ZeroTensor kernel returns zeros.
#include "oracles/planted/torch/planted.h"

namespace {

at::Tensor zero_value(const at::Tensor& self) { return at::add(self, 1); }

at::Tensor zero_value_of_zero(const at::Tensor& self) {
  const at::Tensor right = at::add(real_zeros_like(self), 1);
  return self.dim() >= 4 ? at::zeros_like(right) : right;
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(planted, m) { m.def("zero_value(Tensor self) -> Tensor"); }
TORCH_LIBRARY_IMPL(planted, CompositeExplicitAutograd, m) { m.impl("zero_value", zero_value); }
TORCH_LIBRARY_IMPL(planted, ZeroTensor, m) { m.impl("zero_value", zero_value_of_zero); }
