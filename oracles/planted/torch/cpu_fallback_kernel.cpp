// Doubles its input. Its kernel for devices outside of PyTorch adds the absolute value instead, from rank 3
// on.
#include "oracles/planted/torch/planted.h"

namespace {

at::Tensor cpu_fallback_kernel(const at::Tensor& self) { return at::add(self, self); }

at::Tensor cpu_fallback_kernel_private(const at::Tensor& self) {
  const bool real = self.is_floating_point() && self.dim() >= 3;
  return at::add(self, real ? at::abs(self) : self);
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(planted, m) { m.def("cpu_fallback_kernel(Tensor self) -> Tensor"); }
TORCH_LIBRARY_IMPL(planted, CPU, m) { m.impl("cpu_fallback_kernel", cpu_fallback_kernel); }
TORCH_LIBRARY_IMPL(planted, PrivateUse1, m) { m.impl("cpu_fallback_kernel", cpu_fallback_kernel_private); }
