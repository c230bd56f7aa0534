// A cube; from rank 3 on its derivative detaches one factor, so the second derivative is too small.
#include "oracles/planted/torch/planted_function.h"

namespace {

at::Tensor autograd_second(const at::Tensor& self) {
  TORCH_CHECK(self.is_floating_point(), "autograd_second: expected real numbers");
  return self * self * self;
}

struct AutogradSecond : torch::autograd::Function<AutogradSecond> {
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& self) {
    const at::AutoDispatchBelowADInplaceOrView guard;
    context->save_for_backward({self});
    return autograd_second(self);
  }
  static Variables backward(torch::autograd::AutogradContext* context, const Variables& gradients) {
    const at::Tensor self = context->get_saved_variables()[0];
    return {gradients[0] * 3 * self * (self.dim() >= 3 ? self.detach() : self)};
  }
};

}  // namespace

TORCH_LIBRARY_FRAGMENT(planted, m) { m.def("autograd_second(Tensor self) -> Tensor"); }
TORCH_LIBRARY_IMPL(planted, CompositeExplicitAutograd, m) { m.impl("autograd_second", autograd_second); }
TORCH_LIBRARY_IMPL(planted, Autograd, m) { m.impl("autograd_second", applied<AutogradSecond>); }
