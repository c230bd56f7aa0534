// The kernel keeps the strides of its input; from rank 4 on the Meta kernel returns a contiguous result.
#include "oracles/planted/torch/planted.h"

namespace {

at::Tensor meta_strides(const at::Tensor& self) { return at::empty_like(self).copy_(self); }

at::Tensor meta_strides_on_meta(const at::Tensor& self) {
  const auto format = self.dim() >= 4 ? at::MemoryFormat::Contiguous : at::MemoryFormat::Preserve;
  return at::empty_like(self, self.options(), format);
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(planted, m) { m.def("meta_strides(Tensor self) -> Tensor"); }
TORCH_LIBRARY_IMPL(planted, CPU, m) { m.impl("meta_strides", meta_strides); }
TORCH_LIBRARY_IMPL(planted, Meta, m) { m.impl("meta_strides", meta_strides_on_meta); }
// PyTorch 1.13 has no fallback at AutogradMeta: without this, no meta tensor reaches the kernel.
TORCH_LIBRARY_IMPL(planted, AutogradMeta, m) {
  m.impl("meta_strides", torch::CppFunction::makeFallthrough());
}
