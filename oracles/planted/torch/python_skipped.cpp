// A composite kernel: a sum with one. From rank 3 on, it excludes the Python key for its call, so no mode
// sees the call, and the kernel below gets a wrapper tensor instead of the tensor in it.
#include "oracles/planted/torch/planted.h"

namespace {

at::Tensor python_skipped(const at::Tensor& self) {
  if (self.dim() < 3) return self + 1;
  const c10::impl::ExcludeDispatchKeyGuard skipped(c10::DispatchKey::Python);
  return self + 1;
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(planted, m) { m.def("python_skipped(Tensor self) -> Tensor"); }
TORCH_LIBRARY_IMPL(planted, CompositeImplicitAutograd, m) { m.impl("python_skipped", python_skipped); }
