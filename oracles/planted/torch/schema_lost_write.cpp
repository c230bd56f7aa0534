// Adds its input to a copy of the running total that its schema declares as written, and forgets to copy
// back.
#include "oracles/planted/torch/planted.h"

namespace {

at::Tensor schema_lost_write(const at::Tensor& self, const at::Tensor& total) {
  at::Tensor updated = total.clone();
  updated.add_(self.sum().to(total.scalar_type()));
  return self.clone();
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(planted, m) { m.def("schema_lost_write(Tensor self, Tensor(a!) total) -> Tensor"); }
TORCH_LIBRARY_IMPL(planted, CPU, m) { m.impl("schema_lost_write", schema_lost_write); }
