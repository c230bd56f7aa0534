// Running sums. From rank 3 on, its own loop takes every dimension that is counted from the end for the last.
#include "oracles/planted/torch/planted.h"

namespace {

at::Tensor arguments_negative_dim(const at::Tensor& self, int64_t dim) {
  TORCH_CHECK_INDEX(dim >= -self.dim() && dim < self.dim(), "arguments_negative_dim: no dimension ", dim);
  return at::cumsum(self, self.dim() >= 3 && dim < 0 ? -1 : dim);
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(planted, m) { m.def("arguments_negative_dim(Tensor self, int dim) -> Tensor"); }
TORCH_LIBRARY_IMPL(planted, CPU, m) { m.impl("arguments_negative_dim", arguments_negative_dim); }
