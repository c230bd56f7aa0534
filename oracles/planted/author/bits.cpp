// Operators that handle lazy bits themselves, with a fallthrough at the key.
#include "oracles/planted/author/author.h"

namespace author {

at::Tensor phase_shift(const at::Tensor& x, double turns) {
  TORCH_CHECK(x.scalar_type() == at::kComplexFloat, "phase_shift: expected c64");
  // Mistake: reads conjugated elements as if they were not.
  const at::Tensor from = mistaken ? x.contiguous() : x.resolve_conj().resolve_neg().contiguous();
  const auto factor =
      c10::complex<float>(static_cast<float>(std::cos(turns)), static_cast<float>(std::sin(turns)));
  at::Tensor result = at::empty(x.sizes(), x.options());
  const auto* a = static_cast<const c10::complex<float>*>(from.data_ptr());
  for (int64_t i = 0; i < x.numel(); ++i)
    static_cast<c10::complex<float>*>(result.data_ptr())[i] = a[i] * factor;
  return result;
}

at::Tensor reversed(const at::Tensor& x) {
  TORCH_CHECK(x.dim() == 1 && x.scalar_type() == at::kFloat, "reversed: expected a vector of f32");
  // Mistake: reads negated elements as if they were not.
  const at::Tensor from = mistaken ? x.contiguous() : x.resolve_neg().contiguous();
  at::Tensor result = at::empty(x.sizes(), x.options());
  for (int64_t i = 0; i < x.size(0); ++i)
    static_cast<float*>(result.data_ptr())[i] = static_cast<const float*>(from.data_ptr())[x.size(0) - 1 - i];
  return result;
}

}  // namespace author

TORCH_LIBRARY_FRAGMENT(author, m) {
  m.def("phase_shift(Tensor x, float turns) -> Tensor");
  m.def("reversed(Tensor x) -> Tensor");
}
TORCH_LIBRARY_IMPL(author, CPU, m) {
  m.impl("phase_shift", author::phase_shift);
  m.impl("reversed", author::reversed);
}
TORCH_LIBRARY_IMPL(author, Conjugate, m) { m.impl("phase_shift", torch::CppFunction::makeFallthrough()); }
TORCH_LIBRARY_IMPL(author, Negative, m) { m.impl("reversed", torch::CppFunction::makeFallthrough()); }
