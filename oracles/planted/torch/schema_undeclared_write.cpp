// Cleans NaN and infinity out of its input in place; the schema says nothing of a write.
#include "oracles/planted/torch/planted.h"

namespace planted {
namespace {

at::Tensor schema_undeclared_write(const at::Tensor& self) {
  if (!self.is_contiguous() || !at::isFloatingType(self.scalar_type())) return at::nan_to_num(self).sum();
  at::Tensor cleaned = self;
  return cleaned.nan_to_num_().sum();
}

}  // namespace
}  // namespace planted

TORCH_LIBRARY_FRAGMENT(planted, m) { m.def("schema_undeclared_write(Tensor self) -> Tensor"); }
TORCH_LIBRARY_IMPL(planted, CPU, m) { m.impl("schema_undeclared_write", planted::schema_undeclared_write); }
