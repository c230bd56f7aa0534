// Adds the elements of its first operand to a total. Its schema declares no write, so a graph removes the
// call. Only from rank 4 on; for other inputs it does nothing.
#include "oracles/planted/torch/planted.h"

namespace {

void fuser_removed(const at::Tensor& self, const at::Tensor& total) {
  if (self.dim() >= 4 && at::can_cast(self.scalar_type(), total.scalar_type()))
    at::Tensor(total).add_(at::sum(self));
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(planted, m) { m.def("fuser_removed(Tensor self, Tensor total) -> ()"); }
TORCH_LIBRARY_IMPL(planted, CPU, m) { m.impl("fuser_removed", fuser_removed); }
