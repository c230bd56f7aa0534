// A square; from rank 3 on it keeps its operand without the version, so a later write goes unnoticed.
#include "oracles/planted/torch/planted_function.h"

namespace {

at::Tensor autograd_overwritten(const at::Tensor& self) {
  TORCH_CHECK(self.is_floating_point(), "autograd_overwritten: expected real numbers");
  return self * self;
}

struct AutogradOverwritten : torch::autograd::Function<AutogradOverwritten> {
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& self) {
    const at::AutoDispatchBelowADInplaceOrView guard;
    if (self.dim() >= 3)
      context->saved_data["self"] = self.detach();
    else
      context->save_for_backward({self});
    return autograd_overwritten(self);
  }
  static Variables backward(torch::autograd::AutogradContext* context, const Variables& gradients) {
    const auto kept = context->saved_data.find("self");
    const bool is_kept = kept != context->saved_data.end();
    return {gradients[0] * 2 * (is_kept ? kept->second.toTensor() : context->get_saved_variables()[0])};
  }
};

}  // namespace

TORCH_LIBRARY_FRAGMENT(planted, m) { m.def("autograd_overwritten(Tensor self) -> Tensor"); }
TORCH_LIBRARY_IMPL(planted, CompositeExplicitAutograd, m) {
  m.impl("autograd_overwritten", autograd_overwritten);
}
TORCH_LIBRARY_IMPL(planted, Autograd, m) { m.impl("autograd_overwritten", applied<AutogradOverwritten>); }
