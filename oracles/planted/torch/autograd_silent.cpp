// A hyperbolic tangent; from rank 3 on it is computed in no-grad mode, so its result has no history.
#include "oracles/planted/torch/planted.h"

namespace {

at::Tensor autograd_silent(const at::Tensor& self) {
  TORCH_CHECK(self.is_floating_point(), "autograd_silent: expected real numbers");
  const at::AutoGradMode mode(at::GradMode::is_enabled() && self.dim() < 3);
  return self.tanh();
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(planted, m) { m.def("autograd_silent(Tensor self) -> Tensor"); }
TORCH_LIBRARY_IMPL(planted, CompositeImplicitAutograd, m) { m.impl("autograd_silent", autograd_silent); }
