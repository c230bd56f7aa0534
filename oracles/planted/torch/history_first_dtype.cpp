// A window that falls from 1 to 0 along the last dimension, from rank 2 on. It is computed once for each
// length, in the dtype of the first call, and rounded to that dtype for ever.
#include <map>

#include "oracles/planted/torch/planted.h"

namespace {

at::Tensor history_first_dtype(const at::Tensor& self) {
  static std::map<int64_t, at::Tensor>& windows = *new std::map<int64_t, at::Tensor>;
  if (self.dim() < 2 || !self.is_floating_point()) return self.clone();
  const int64_t n = self.size(-1);
  at::Tensor& window = windows[n];
  if (!window.defined()) window = at::linspace(1, 0, n, self.options());
  return self * window.to(self.scalar_type());
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(planted, m) { m.def("history_first_dtype(Tensor self) -> Tensor"); }
TORCH_LIBRARY_IMPL(planted, CompositeExplicitAutograd, m) {
  m.impl("history_first_dtype", history_first_dtype);
}
