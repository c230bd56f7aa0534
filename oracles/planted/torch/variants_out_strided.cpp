// The out= form writes its result row by row into memory, even into a transposed out.
#include "oracles/planted/torch/planted.h"

namespace {

at::Tensor variants_out_strided(const at::Tensor& self) { return at::abs(self); }

at::Tensor& variants_out_strided_out(const at::Tensor& self, at::Tensor& out) {
  const at::Tensor result = at::abs(self).contiguous();
  TORCH_CHECK(at::can_cast(result.scalar_type(), out.scalar_type()), "the result does not fit out's dtype");
  at::native::resize_output(out, result.sizes());
  const bool is_fast = out.dim() == 2 && out.scalar_type() == result.scalar_type() &&
                       out.is_non_overlapping_and_dense() && !out.is_neg() && !out.is_conj();
  if (!is_fast) return out.copy_(result);
  std::memcpy(out.data_ptr(), result.data_ptr(), result.nbytes());
  return out;
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(planted, m) {
  m.def("variants_out_strided(Tensor self) -> Tensor");
  m.def("variants_out_strided.out(Tensor self, *, Tensor(a!) out) -> Tensor(a!)");
}
TORCH_LIBRARY_IMPL(planted, CPU, m) {
  m.impl("variants_out_strided", variants_out_strided);
  m.impl("variants_out_strided.out", variants_out_strided_out);
}
