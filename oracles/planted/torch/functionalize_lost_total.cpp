// Adds the elements of its input to a total. Its Functionalize kernel forgets the total of inputs of rank 3.
#include <ATen/FunctionalTensorWrapper.h>

#include "oracles/planted/torch/planted.h"

namespace {

at::Tensor functionalize_lost_total(const at::Tensor& self, at::Tensor& total) {
  total.add_(at::sum(self));
  return at::mul(self, 2);
}

at::Tensor functionalize_lost_total_functional(const at::Tensor& self, at::Tensor& total) {
  namespace impl = at::functionalization::impl;
  impl::sync(self);
  impl::sync(total);
  at::Tensor value = impl::from_functional_tensor(self, /*assert_functional=*/false);
  at::Tensor sum = at::clone(impl::from_functional_tensor(total, /*assert_functional=*/false));
  at::Tensor result;
  {
    const at::AutoDispatchSkipFunctionalize below;
    result = functionalize_lost_total(value, sum);
  }
  if (self.dim() != 3 && impl::isFunctionalTensor(total)) {
    impl::replace_(total, sum);
    impl::commit_update(total);
    impl::sync(total);
  }
  return impl::to_functional_tensor(result);
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(planted, m) {
  m.def("functionalize_lost_total(Tensor self, Tensor(a!) total) -> Tensor");
}
TORCH_LIBRARY_IMPL(planted, CPU, m) { m.impl("functionalize_lost_total", functionalize_lost_total); }
TORCH_LIBRARY_IMPL(planted, Functionalize, m) {
  m.impl("functionalize_lost_total", functionalize_lost_total_functional);
}
