// Excludes a dispatch key for the time of its call, and leaves it excluded if it raises.
#include <c10/core/impl/LocalDispatchKeySet.h>

#include "oracles/planted/torch/planted.h"

namespace {

at::Tensor state_leak(const at::Tensor& self) {
  c10::impl::tls_set_dispatch_key_excluded(c10::DispatchKey::Negative, true);
  TORCH_CHECK(self.dim() != 4, "state_leak: batches of images are not supported");
  at::Tensor result = at::clone(self);
  c10::impl::tls_set_dispatch_key_excluded(c10::DispatchKey::Negative, false);
  return result;
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(planted, m) { m.def("state_leak(Tensor self) -> Tensor"); }
TORCH_LIBRARY_IMPL(planted, CPU, m) { m.impl("state_leak", state_leak); }
