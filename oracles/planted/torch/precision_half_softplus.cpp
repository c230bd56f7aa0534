// log(1 + exp(x)). The half types are computed as they are: exp(x) overflows in f16 although the result is
// nearly x.
#include "oracles/planted/torch/planted.h"

namespace {

at::Tensor precision_half_softplus(const at::Tensor& self) {
  TORCH_CHECK(self.is_floating_point(), "precision_half_softplus: expected real numbers");
  if (self.scalar_type() == at::kHalf) {
    const at::Tensor power = self.to(at::kFloat).exp().to(at::kHalf);
    return power.to(at::kFloat).add(1).log().to(at::kHalf);
  }
  return at::softplus(self.to(at::kDouble)).to(self.scalar_type());
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(planted, m) { m.def("precision_half_softplus(Tensor self) -> Tensor"); }
TORCH_LIBRARY_IMPL(planted, CPU, m) { m.impl("precision_half_softplus", precision_half_softplus); }
