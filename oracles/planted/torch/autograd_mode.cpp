// A product with a sigmoid; outside of grad mode, where nothing is saved, a faster formula forgets the
// sigmoid from rank 3 on.
#include "oracles/planted/torch/planted_function.h"

namespace {

at::Tensor autograd_mode(const at::Tensor& self) {
  TORCH_CHECK(self.is_floating_point(), "autograd_mode: expected real numbers");
  return self.dim() >= 3 && !at::GradMode::is_enabled() ? self.clamp_min(0) : self * self.sigmoid();
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(planted, m) { m.def("autograd_mode(Tensor self) -> Tensor"); }
TORCH_LIBRARY_IMPL(planted, CompositeImplicitAutograd, m) { m.impl("autograd_mode", autograd_mode); }
