// A sine; what requires no gradient takes a shorter way below autograd from rank 3 on, where tangents are
// lost.
#include "oracles/planted/torch/planted.h"

namespace {

at::Tensor autograd_tangent(const at::Tensor& self) {
  TORCH_CHECK(self.is_floating_point(), "autograd_tangent: expected real numbers");
  if (self.dim() < 3 || self.requires_grad()) return self.sin();
  const at::AutoDispatchBelowADInplaceOrView below;
  return self.sin();
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(planted, m) { m.def("autograd_tangent(Tensor self) -> Tensor"); }
TORCH_LIBRARY_IMPL(planted, CompositeImplicitAutograd, m) { m.impl("autograd_tangent", autograd_tangent); }
