// Leaves the last of an odd number of elements unwritten, from rank 3 on.
#include "oracles/planted/torch/planted.h"

namespace {

at::Tensor determinism_uninitialised(const at::Tensor& self) {
  const at::Tensor from = self.resolve_conj().resolve_neg().contiguous();
  at::Tensor result = at::empty(from.sizes(), from.options());
  const bool forgets = from.dim() >= 3 && from.numel() % 2 == 1;
  std::memcpy(result.data_ptr(), from.data_ptr(), from.nbytes() - (forgets ? from.element_size() : 0));
  return result;
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(planted, m) { m.def("determinism_uninitialised(Tensor self) -> Tensor"); }
TORCH_LIBRARY_IMPL(planted, CPU, m) { m.impl("determinism_uninitialised", determinism_uninitialised); }
