// Clears its input in place, and only then rejects inputs of rank 4.
#include "oracles/planted/torch/planted.h"

namespace {

at::Tensor& schema_refuses_late(at::Tensor& self) {
  self.zero_();
  TORCH_CHECK(self.dim() != 4, "schema_refuses_late: batches of images are not supported");
  return self;
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(planted, m) { m.def("schema_refuses_late(Tensor(a!) self) -> Tensor(a!)"); }
TORCH_LIBRARY_IMPL(planted, CPU, m) { m.impl("schema_refuses_late", schema_refuses_late); }
