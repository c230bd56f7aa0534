// The product of an operand and a sine; from rank 3 on no gradient passes through the sine.
#include "oracles/planted/torch/planted.h"

namespace {

at::Tensor autograd_dropped(const at::Tensor& self, const at::Tensor& other) {
  TORCH_CHECK(self.is_floating_point() && other.is_floating_point(),
              "autograd_dropped: expected real numbers");
  return self * (other.dim() >= 3 ? other.detach() : other).sin();
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(planted, m) { m.def("autograd_dropped(Tensor self, Tensor other) -> Tensor"); }
TORCH_LIBRARY_IMPL(planted, CompositeImplicitAutograd, m) { m.impl("autograd_dropped", autograd_dropped); }
