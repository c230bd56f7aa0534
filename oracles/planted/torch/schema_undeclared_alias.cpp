// Promises a new tensor, but returns its input itself if that is f64.
#include "oracles/planted/torch/planted.h"

namespace {

at::Tensor schema_undeclared_alias(const at::Tensor& self) {
  return at::isComplexType(self.scalar_type()) ? at::clone(self) : self.to(at::kDouble);
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(planted, m) { m.def("schema_undeclared_alias(Tensor self) -> Tensor"); }
TORCH_LIBRARY_IMPL(planted, CPU, m) { m.impl("schema_undeclared_alias", schema_undeclared_alias); }
