// Replaces NaN and infinity in its input in place, but its schema declares no write.
#include "oracles/planted/torch/planted.h"

namespace {

at::Tensor schema_undeclared_write(const at::Tensor& self) {
  if (!self.is_contiguous() || !at::isFloatingType(self.scalar_type())) return at::nan_to_num(self).sum();
  at::Tensor cleaned = self;
  return cleaned.nan_to_num_().sum();
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(planted, m) { m.def("schema_undeclared_write(Tensor self) -> Tensor"); }
TORCH_LIBRARY_IMPL(planted, CPU, m) { m.impl("schema_undeclared_write", schema_undeclared_write); }
