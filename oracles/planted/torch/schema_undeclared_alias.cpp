// Promises a fresh tensor, and returns its very input when that is in double precision already.
#include "oracles/planted/torch/planted.h"

namespace planted {
namespace {

at::Tensor schema_undeclared_alias(const at::Tensor& self) {
  return at::isComplexType(self.scalar_type()) ? at::clone(self) : self.to(at::kDouble);
}

}  // namespace
}  // namespace planted

TORCH_LIBRARY_FRAGMENT(planted, m) { m.def("schema_undeclared_alias(Tensor self) -> Tensor"); }
TORCH_LIBRARY_IMPL(planted, CPU, m) { m.impl("schema_undeclared_alias", planted::schema_undeclared_alias); }
