// A product; the gradient of a smaller second operand is summed to one element, as if that were a number.
#include "oracles/planted/torch/planted_function.h"

namespace {

at::Tensor autograd_summed(const at::Tensor& self, const at::Tensor& other) {
  TORCH_CHECK(self.is_floating_point() && other.is_floating_point(),
              "autograd_summed: expected real numbers");
  return self * other;
}

struct AutogradBroadcast : torch::autograd::Function<AutogradBroadcast> {
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& self,
                            const at::Tensor& other) {
    const at::AutoDispatchBelowADInplaceOrView guard;
    context->save_for_backward({self, other});
    return autograd_summed(self, other);
  }
  static Variables backward(torch::autograd::AutogradContext* context, const Variables& gradients) {
    const Variables saved = context->get_saved_variables();
    const at::Tensor of_other = gradients[0] * saved[0];
    return {(gradients[0] * saved[1]).sum_to_size(saved[0].sizes()),
            saved[1].sizes() == of_other.sizes() ? of_other : of_other.sum()};
  }
};

at::Tensor autograd_summed_recorded(const at::Tensor& self, const at::Tensor& other) {
  return AutogradBroadcast::apply(self, other);
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(planted, m) { m.def("autograd_summed(Tensor self, Tensor other) -> Tensor"); }
TORCH_LIBRARY_IMPL(planted, CompositeExplicitAutograd, m) { m.impl("autograd_summed", autograd_summed); }
TORCH_LIBRARY_IMPL(planted, Autograd, m) { m.impl("autograd_summed", autograd_summed_recorded); }
