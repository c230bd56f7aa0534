// x |x|; from rank 3 on its derivative forgets that 2 |x| has no sign.
#include "oracles/planted/torch/planted_function.h"

namespace {

at::Tensor autograd_slope(const at::Tensor& self) {
  TORCH_CHECK(self.is_floating_point(), "autograd_slope: expected real numbers");
  return self * self.abs();
}

struct AutogradSlope : torch::autograd::Function<AutogradSlope> {
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& self) {
    const at::AutoDispatchBelowADInplaceOrView guard;
    context->save_for_backward({self});
    return autograd_slope(self);
  }
  static Variables backward(torch::autograd::AutogradContext* context, const Variables& gradients) {
    const at::Tensor self = context->get_saved_variables()[0];
    return {gradients[0] * 2 * (self.dim() >= 3 ? self : self.abs())};
  }
};

}  // namespace

TORCH_LIBRARY_FRAGMENT(planted, m) { m.def("autograd_slope(Tensor self) -> Tensor"); }
TORCH_LIBRARY_IMPL(planted, CompositeExplicitAutograd, m) { m.impl("autograd_slope", autograd_slope); }
TORCH_LIBRARY_IMPL(planted, Autograd, m) { m.impl("autograd_slope", applied<AutogradSlope>); }
