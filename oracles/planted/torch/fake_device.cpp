// A contiguous tensor of zeros. From rank 4 on, the Meta kernel names the CPU as the device of its result.
#include "oracles/planted/torch/planted.h"

namespace {

at::Tensor fake_device(const at::Tensor& self) { return at::zeros(self.sizes(), self.options()); }

at::Tensor fake_device_on_meta(const at::Tensor& self) {
  return at::empty(self.sizes(), self.dim() >= 4 ? self.options().device(at::kCPU) : self.options());
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(planted, m) { m.def("fake_device(Tensor self) -> Tensor"); }
TORCH_LIBRARY_IMPL(planted, CPU, m) { m.impl("fake_device", fake_device); }
TORCH_LIBRARY_IMPL(planted, Meta, m) { m.impl("fake_device", fake_device_on_meta); }
// PyTorch 1.13 has no fallback at AutogradMeta: without this, no meta tensor reaches the kernel.
TORCH_LIBRARY_IMPL(planted, AutogradMeta, m) { m.impl("fake_device", torch::CppFunction::makeFallthrough()); }
