// Flips the last dimension. From rank 3 on its batching rule takes the first dimension for the batch
// dimension.
#include <ATen/functorch/BatchedTensorImpl.h>
#include <ATen/functorch/DynamicLayer.h>

#include "oracles/planted/torch/planted.h"

namespace {

at::Tensor batched_takes_first(const at::Tensor& self) { return at::flip(self, {-1}); }

at::Tensor batched_takes_first_rule(const at::Tensor& self) {
  namespace vmap = at::functorch;
  const int64_t level = vmap::maybeCurrentDynamicLayer()->layerId();
  const auto* batched = vmap::maybeGetBatchedImpl(self);
  const c10::impl::ExcludeDispatchKeyGuard below(c10::DispatchKey::FuncTorchBatched);
  if (batched == nullptr || batched->level() != level) return batched_takes_first(self);
  if (self.dim() >= 3) return vmap::makeBatched(at::flip(batched->value(), {-1}), batched->bdim(), level);
  const at::Tensor value = batched->value().movedim(batched->bdim(), 0);
  return vmap::makeBatched(self.dim() == 0 ? value : at::flip(value, {-1}), 0, level);
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(planted, m) { m.def("batched_takes_first(Tensor self) -> Tensor"); }
TORCH_LIBRARY_IMPL(planted, CPU, m) { m.impl("batched_takes_first", batched_takes_first); }
TORCH_LIBRARY_IMPL(planted, FuncTorchBatched, m) { m.impl("batched_takes_first", batched_takes_first_rule); }
