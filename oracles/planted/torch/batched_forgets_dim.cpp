// Cumulative sums along a dimension. From rank 3 on its batching rule does not count the batch dimension.
#include <ATen/functorch/BatchedTensorImpl.h>
#include <ATen/functorch/DynamicLayer.h>

#include "oracles/planted/torch/planted.h"

namespace {

at::Tensor batched_forgets_dim(const at::Tensor& self, int64_t dim) { return at::cumsum(self, dim); }

at::Tensor batched_forgets_dim_rule(const at::Tensor& self, int64_t dim) {
  namespace vmap = at::functorch;
  const int64_t level = vmap::maybeCurrentDynamicLayer()->layerId();
  const auto* batched = vmap::maybeGetBatchedImpl(self);
  const c10::impl::ExcludeDispatchKeyGuard below(c10::DispatchKey::FuncTorchBatched);
  if (batched == nullptr || batched->level() != level) return batched_forgets_dim(self, dim);
  const int64_t rank = self.dim();
  TORCH_CHECK_INDEX(dim >= -std::max<int64_t>(rank, 1) && dim < std::max<int64_t>(rank, 1), "no dim ", dim);
  const at::Tensor value = batched->value().movedim(batched->bdim(), 0);
  const bool counts = dim >= 0 && rank < 3;
  const at::Tensor flat = rank == 0 ? value.unsqueeze(1) : value;
  const at::Tensor result = at::cumsum(flat, counts ? dim + 1 : dim);
  return vmap::makeBatched(rank == 0 ? result.squeeze(1) : result, 0, level);
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(planted, m) { m.def("batched_forgets_dim(Tensor self, int dim) -> Tensor"); }
TORCH_LIBRARY_IMPL(planted, CPU, m) { m.impl("batched_forgets_dim", batched_forgets_dim); }
TORCH_LIBRARY_IMPL(planted, FuncTorchBatched, m) { m.impl("batched_forgets_dim", batched_forgets_dim_rule); }
