// A mean that keeps the largest number of elements for scratch memory, and divides by it from rank 3 on.
#include "oracles/planted/torch/planted.h"

namespace {

at::Tensor history_largest_count(const at::Tensor& self) {
  static int64_t largest = 1;
  largest = std::max(largest, self.numel());
  if (!self.is_floating_point()) return self.clone();
  return self.sum() / (self.dim() >= 3 ? largest : std::max<int64_t>(self.numel(), 1));
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(planted, m) { m.def("history_largest_count(Tensor self) -> Tensor"); }
TORCH_LIBRARY_IMPL(planted, CompositeExplicitAutograd, m) {
  m.impl("history_largest_count", history_largest_count);
}
