// Doubles its input. Calls with inputs of rank 3 also count in a list of counters, which the schema does not
// declare as written.
#include "oracles/planted/torch/planted.h"

namespace {

at::Tensor cpu_fallback_lost_write(const at::Tensor& self, at::TensorList counters) {
  if (self.dim() == 3)
    for (at::Tensor counter : counters) counter.add_(1);
  return at::add(self, self);
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(planted, m) {
  m.def("cpu_fallback_lost_write(Tensor self, Tensor[] counters) -> Tensor");
}
TORCH_LIBRARY_IMPL(planted, CPU, m) { m.impl("cpu_fallback_lost_write", cpu_fallback_lost_write); }
