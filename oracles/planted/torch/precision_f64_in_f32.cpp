// A logistic function. From rank 3 on, a fast path computes every real dtype in f32.
#include "oracles/planted/torch/planted.h"

namespace {

at::Tensor precision_f64_in_f32(const at::Tensor& self) {
  if (self.dim() < 3 || !self.is_floating_point()) return at::sigmoid(self);
  return at::sigmoid(self.to(at::kFloat)).to(self.scalar_type());
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(planted, m) { m.def("precision_f64_in_f32(Tensor self) -> Tensor"); }
TORCH_LIBRARY_IMPL(planted, CPU, m) { m.impl("precision_f64_in_f32", precision_f64_in_f32); }
