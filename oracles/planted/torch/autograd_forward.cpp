// A cosine with a rule of its own for tangents, which forgets the sign from rank 3 on.
#include "oracles/planted/torch/planted.h"

namespace {

at::Tensor autograd_forward(const at::Tensor& self) {
  TORCH_CHECK(self.is_floating_point(), "autograd_forward: expected real numbers");
  constexpr uint64_t level = 0;
  const at::Tensor tangent = self._fw_grad(level);
  if (!tangent.defined() || self.requires_grad()) return self.cos();
  at::Tensor result;
  {
    const at::AutoDispatchBelowADInplaceOrView below;
    result = self.cos();
  }
  const at::Tensor slope = self.dim() >= 3 ? self.sin() : -self.sin();
  result._set_fw_grad(slope._fw_primal(level) * tangent, level, /*is_inplace_op=*/false);
  return result;
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(planted, m) { m.def("autograd_forward(Tensor self) -> Tensor"); }
TORCH_LIBRARY_IMPL(planted, CompositeImplicitAutograd, m) { m.impl("autograd_forward", autograd_forward); }
