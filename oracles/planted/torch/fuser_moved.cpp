// Replaces negative elements of its input by zeros, from rank 3 on, but its schema declares no write, so a
// fuser may move what reads the input across the call.
#include "oracles/planted/torch/planted.h"

namespace {

at::Tensor fuser_moved(const at::Tensor& self) {
  const bool is_dense = self.is_contiguous() && at::isFloatingType(self.scalar_type());
  if (self.dim() < 3 || !is_dense) return at::sum(self);
  at::Tensor cleaned = self;
  return cleaned.clamp_min_(0).sum();
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(planted, m) { m.def("fuser_moved(Tensor self) -> Tensor"); }
TORCH_LIBRARY_IMPL(planted, CPU, m) { m.impl("fuser_moved", fuser_moved); }
