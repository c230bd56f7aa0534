// From rank 3 on the ZeroTensor kernel returns a contiguous result; the kernel keeps the strides of its
// input.
#include "oracles/planted/torch/planted.h"

namespace {

at::Tensor zero_strides(const at::Tensor& self) { return at::square(self); }

at::Tensor zero_strides_of_zero(const at::Tensor& self) {
  const at::Tensor right = at::square(real_zeros_like(self));
  return self.dim() >= 3 ? at::_efficientzerotensor(right.sizes(), right.options()) : right;
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(planted, m) { m.def("zero_strides(Tensor self) -> Tensor"); }
TORCH_LIBRARY_IMPL(planted, CompositeExplicitAutograd, m) { m.impl("zero_strides", zero_strides); }
TORCH_LIBRARY_IMPL(planted, ZeroTensor, m) { m.impl("zero_strides", zero_strides_of_zero); }
