// Registers a fallthrough at Conjugate because it handles the bit itself, but its fast loop over larger
// contiguous inputs ignores the bit.
#include "oracles/planted/torch/planted.h"

namespace {

at::Tensor conj_ignored(const at::Tensor& self) {
  if (self.scalar_type() != at::kComplexFloat || !self.is_contiguous() || self.numel() < 16)
    return at::clone(self.resolve_conj(), at::MemoryFormat::Contiguous);
  at::Tensor result = at::empty(self.sizes(), self.options());
  const auto* from = static_cast<const c10::complex<float>*>(self.data_ptr());
  std::copy(from, from + self.numel(), static_cast<c10::complex<float>*>(result.data_ptr()));
  return result;
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(planted, m) { m.def("conj_ignored(Tensor self) -> Tensor"); }
TORCH_LIBRARY_IMPL(planted, CPU, m) { m.impl("conj_ignored", conj_ignored); }
TORCH_LIBRARY_IMPL(planted, Conjugate, m) { m.impl("conj_ignored", torch::CppFunction::makeFallthrough()); }
