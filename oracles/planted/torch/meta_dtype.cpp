// Sums of integers are 64 bits wide; the Meta kernel widens only some of the narrower dtypes.
#include "oracles/planted/torch/planted.h"

namespace {

at::Tensor meta_dtype(const at::Tensor& self) { return at::sum(self); }

at::Tensor meta_dtype_on_meta(const at::Tensor& self) {
  const at::ScalarType from = self.scalar_type();
  const bool widens = from == at::kBool || from == at::kInt || from == at::kShort;
  return at::empty({}, self.options().dtype(widens ? at::kLong : from));
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(planted, m) { m.def("meta_dtype(Tensor self) -> Tensor"); }
TORCH_LIBRARY_IMPL(planted, CPU, m) { m.impl("meta_dtype", meta_dtype); }
TORCH_LIBRARY_IMPL(planted, Meta, m) { m.impl("meta_dtype", meta_dtype_on_meta); }
// PyTorch 1.13 has no fallback at AutogradMeta: without this, no meta tensor reaches the kernel.
TORCH_LIBRARY_IMPL(planted, AutogradMeta, m) { m.impl("meta_dtype", torch::CppFunction::makeFallthrough()); }
