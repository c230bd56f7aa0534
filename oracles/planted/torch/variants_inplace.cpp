// A product with a number; from rank 2 on its in-place form forgets the sign of a negative number.
#include "oracles/planted/torch/planted.h"

namespace {

at::Tensor variants_inplace(const at::Tensor& self, const at::Scalar& other) { return at::mul(self, other); }

at::Tensor& variants_inplace_(at::Tensor& self, const at::Scalar& other) {
  const bool forgets = self.dim() >= 2 && !other.isComplex() && other.toDouble() < 0;
  return self.mul_(forgets ? at::Scalar(-other) : other);
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(planted, m) {
  m.def("variants_inplace(Tensor self, Scalar other) -> Tensor");
  m.def("variants_inplace_(Tensor(a!) self, Scalar other) -> Tensor(a!)");
}
TORCH_LIBRARY_IMPL(planted, CompositeExplicitAutograd, m) {
  m.impl("variants_inplace", variants_inplace);
  m.impl("variants_inplace_", variants_inplace_);
}
