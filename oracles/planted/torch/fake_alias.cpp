// A copy in the strides of its input. From rank 3 on, the Meta kernel returns a view of its input.
#include "oracles/planted/torch/planted.h"

namespace {

at::Tensor fake_alias(const at::Tensor& self) { return at::empty_like(self).copy_(self); }

at::Tensor fake_alias_on_meta(const at::Tensor& self) {
  const at::Tensor made = at::empty_like(self);
  return self.dim() >= 3 && made.strides() == self.strides() ? self.as_strided(self.sizes(), self.strides())
                                                             : made;
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(planted, m) { m.def("fake_alias(Tensor self) -> Tensor"); }
TORCH_LIBRARY_IMPL(planted, CPU, m) { m.impl("fake_alias", fake_alias); }
TORCH_LIBRARY_IMPL(planted, Meta, m) { m.impl("fake_alias", fake_alias_on_meta); }
// PyTorch 1.13 has no fallback at AutogradMeta: without this, no meta tensor reaches the kernel.
TORCH_LIBRARY_IMPL(planted, AutogradMeta, m) { m.impl("fake_alias", torch::CppFunction::makeFallthrough()); }
