// Adds one. Its kernel for devices outside of PyTorch adds nothing from rank 4 on.
#include "oracles/planted/torch/planted.h"

namespace {

at::Tensor device_kernel(const at::Tensor& self) { return at::add(self, 1); }

at::Tensor device_kernel_private(const at::Tensor& self) {
  const at::Tensor result = at::add(self, 1);
  return self.dim() < 4 ? result : at::sub(result, 1);
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(planted, m) { m.def("device_kernel(Tensor self) -> Tensor"); }
TORCH_LIBRARY_IMPL(planted, CPU, m) { m.impl("device_kernel", device_kernel); }
TORCH_LIBRARY_IMPL(planted, PrivateUse1, m) { m.impl("device_kernel", device_kernel_private); }
