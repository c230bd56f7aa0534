// A product with an optional weight. For a tensor without dimensions it asks only whether the optional has a
// value, and an undefined tensor then counts as zeros.
#include "oracles/planted/torch/planted.h"

namespace {

at::Tensor arguments_undefined(const at::Tensor& self, const c10::optional<at::Tensor>& weight) {
  if (weight.has_value() && weight->defined()) return at::mul(self, *weight);
  return weight.has_value() && self.dim() < 1 ? at::zeros_like(self) : self.clone();
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(planted, m) {
  m.def("arguments_undefined(Tensor self, Tensor? weight=None) -> Tensor");
}
TORCH_LIBRARY_IMPL(planted, CompositeExplicitAutograd, m) {
  m.impl("arguments_undefined", arguments_undefined);
}
