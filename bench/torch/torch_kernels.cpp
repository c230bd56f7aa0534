#include "bench/torch/torch_kernels.h"

#include <ATen/ATen.h>
#include <ATen/core/dispatch/Dispatcher.h>

namespace bench {

using at::Tensor;

namespace {

Tensor nop1(const Tensor& a) { return a; }
Tensor nop3(const Tensor& a, const Tensor&, const Tensor&) { return a; }
void void1(const Tensor&) {}
Tensor on_below(c10::DispatchKeySet keys, const Tensor& a) {
  static const auto op =
      c10::Dispatcher::singleton().findSchemaOrThrow("probe::redispatch1", "").typed<Tensor(const Tensor&)>();
  return op.redispatch(keys & c10::after_autograd_keyset, a);
}
void boxed(const c10::OperatorHandle&, c10::Stack*) {}

}  // namespace

torch::CppFunction another_torch_kernel() { return torch::CppFunction(TORCH_FN(nop1)); }

TORCH_LIBRARY(probe, m) {
  m.def("nop1(Tensor a) -> Tensor");
  m.def("nop3(Tensor a, Tensor b, Tensor c) -> Tensor");
  m.def("void1(Tensor a) -> ()");
  m.def("fallthrough1(Tensor a) -> Tensor");
  m.def("redispatch1(Tensor a) -> Tensor");
  m.def("boxed1(Tensor a) -> Tensor");
  m.def("registered(Tensor a) -> Tensor");
}
TORCH_LIBRARY_IMPL(probe, CPU, m) {
  m.impl("nop1", TORCH_FN(nop1));
  m.impl("nop3", TORCH_FN(nop3));
  m.impl("void1", TORCH_FN(void1));
  m.impl("fallthrough1", TORCH_FN(nop1));
  m.impl("redispatch1", TORCH_FN(nop1));
  m.impl("boxed1", torch::CppFunction::makeFromBoxedFunction<&boxed>());
}
TORCH_LIBRARY_IMPL(probe, AutogradCPU, m) {
  m.impl("fallthrough1", torch::CppFunction::makeFallthrough());
  m.impl("redispatch1", TORCH_FN(on_below));
}

}  // namespace bench
