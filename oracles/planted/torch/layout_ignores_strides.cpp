// Takes an input for contiguous if its last stride is 1. That is wrong for a slice of columns, and for a
// permutation that does not move the last dimension.
#include "oracles/planted/torch/planted.h"

namespace {

bool looks_contiguous(const at::Tensor& x) {
  const int64_t reachable =
      static_cast<int64_t>(x.storage().nbytes() / x.element_size()) - x.storage_offset();
  return x.dim() > 1 && x.stride(-1) == 1 && x.numel() <= reachable;
}

at::Tensor layout_ignores_strides(const at::Tensor& self) {
  if (!looks_contiguous(self)) return at::clone(self, at::MemoryFormat::Contiguous);
  at::Tensor result = at::empty(self.sizes(), self.options());
  std::memcpy(result.data_ptr(), self.data_ptr(), result.nbytes());
  return result;
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(planted, m) { m.def("layout_ignores_strides(Tensor self) -> Tensor"); }
TORCH_LIBRARY_IMPL(planted, CPU, m) { m.impl("layout_ignores_strides", layout_ignores_strides); }
