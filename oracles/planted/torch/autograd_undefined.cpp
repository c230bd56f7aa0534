// Sine and cosine; if no gradient of the sine arrives, that of the cosine is dropped, too.
#include <tuple>

#include "oracles/planted/torch/planted_function.h"

namespace {

std::tuple<at::Tensor, at::Tensor> autograd_undefined(const at::Tensor& self) {
  TORCH_CHECK(self.is_floating_point(), "autograd_undefined: expected real numbers");
  return {self.sin(), self.cos()};
}

struct AutogradUndefined : torch::autograd::Function<AutogradUndefined> {
  static Variables forward(torch::autograd::AutogradContext* context, const at::Tensor& self) {
    const at::AutoDispatchBelowADInplaceOrView guard;
    context->save_for_backward({self});
    context->set_materialize_grads(false);
    const auto [sine, cosine] = autograd_undefined(self);
    return {sine, cosine};
  }
  static Variables backward(torch::autograd::AutogradContext* context, const Variables& gradients) {
    const at::Tensor self = context->get_saved_variables()[0];
    if (!gradients[0].defined()) return {at::Tensor()};
    const at::Tensor of_sine = gradients[0] * self.cos();
    return {gradients[1].defined() ? of_sine - gradients[1] * self.sin() : of_sine};
  }
};

std::tuple<at::Tensor, at::Tensor> autograd_undefined_recorded(const at::Tensor& self) {
  const Variables results = AutogradUndefined::apply(self);
  return {results[0], results[1]};
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(planted, m) { m.def("autograd_undefined(Tensor self) -> (Tensor, Tensor)"); }
TORCH_LIBRARY_IMPL(planted, CompositeExplicitAutograd, m) {
  m.impl("autograd_undefined", autograd_undefined);
}
TORCH_LIBRARY_IMPL(planted, Autograd, m) { m.impl("autograd_undefined", autograd_undefined_recorded); }
