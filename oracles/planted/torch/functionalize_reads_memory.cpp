// Is made of other operators, but sums large contiguous inputs by itself: a functional tensor has no memory.
#include "oracles/planted/torch/planted.h"

namespace {

at::Tensor functionalize_reads_memory(const at::Tensor& self) {
  const bool fast = self.scalar_type() == at::kFloat && self.dim() >= 3 && self.is_contiguous();
  if (!fast) return at::mul(self, 2);
  at::Tensor result = at::empty(self.sizes(), at::TensorOptions(at::kFloat));
  const auto* from = static_cast<const float*>(self.data_ptr());
  for (int64_t i = 0; i < self.numel(); ++i) static_cast<float*>(result.data_ptr())[i] = from[i] * 2;
  return result;
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(planted, m) { m.def("functionalize_reads_memory(Tensor self) -> Tensor"); }
TORCH_LIBRARY_IMPL(planted, CompositeImplicitAutograd, m) {
  m.impl("functionalize_reads_memory", functionalize_reads_memory);
}
