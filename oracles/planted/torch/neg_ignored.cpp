// Registers a fallthrough at Negative because it handles the bit itself, but its fast loop over larger
// contiguous inputs ignores the bit.
#include "oracles/planted/torch/planted.h"

namespace {

at::Tensor neg_ignored(const at::Tensor& self) {
  if (self.scalar_type() != at::kFloat || !self.is_contiguous() || self.numel() < 16)
    return at::clone(self.resolve_neg(), at::MemoryFormat::Contiguous);
  at::Tensor result = at::empty(self.sizes(), self.options());
  const auto* from = static_cast<const float*>(self.data_ptr());
  std::copy(from, from + self.numel(), static_cast<float*>(result.data_ptr()));
  return result;
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(planted, m) { m.def("neg_ignored(Tensor self) -> Tensor"); }
TORCH_LIBRARY_IMPL(planted, CPU, m) { m.impl("neg_ignored", neg_ignored); }
TORCH_LIBRARY_IMPL(planted, Negative, m) { m.impl("neg_ignored", torch::CppFunction::makeFallthrough()); }
