// An exponential; from rank 3 on its backward multiplies the saved result in place, so it runs only once.
#include "oracles/planted/torch/planted_function.h"

namespace {

at::Tensor autograd_saved(const at::Tensor& self) {
  TORCH_CHECK(self.is_floating_point(), "autograd_saved: expected real numbers");
  return self.exp();
}

struct AutogradSaved : torch::autograd::Function<AutogradSaved> {
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& self) {
    const at::AutoDispatchBelowADInplaceOrView guard;
    const at::Tensor result = autograd_saved(self);
    context->save_for_backward({result});
    return result;
  }
  static Variables backward(torch::autograd::AutogradContext* context, const Variables& gradients) {
    at::Tensor result = context->get_saved_variables()[0];
    return {result.dim() >= 3 ? result.mul_(gradients[0]) : result * gradients[0]};
  }
};

}  // namespace

TORCH_LIBRARY_FRAGMENT(planted, m) { m.def("autograd_saved(Tensor self) -> Tensor"); }
TORCH_LIBRARY_IMPL(planted, CompositeExplicitAutograd, m) { m.impl("autograd_saved", autograd_saved); }
TORCH_LIBRARY_IMPL(planted, Autograd, m) { m.impl("autograd_saved", applied<AutogradSaved>); }
