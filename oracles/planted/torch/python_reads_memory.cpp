// A composite kernel: twice its input. From rank 3 on, it looks for a zero in the memory of its input first,
// which a wrapper tensor does not have.
#include "oracles/planted/torch/planted.h"

namespace {

at::Tensor python_reads_memory(const at::Tensor& self) {
  if (self.dim() >= 3 && self.numel() > 0 && self.scalar_type() == at::kFloat && *self.data_ptr<float>() == 0)
    return self + self;
  return self * 2;
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(planted, m) { m.def("python_reads_memory(Tensor self) -> Tensor"); }
TORCH_LIBRARY_IMPL(planted, CompositeImplicitAutograd, m) {
  m.impl("python_reads_memory", python_reads_memory);
}
