// From rank 4 on, the boxed in-place kernel returns a copy of what it wrote. A typed call does not see that:
// it returns its own argument, whatever the kernel leaves on the stack.
#include "oracles/planted/torch/planted.h"

namespace {

void boxing_returns_copy(const c10::OperatorHandle&, torch::jit::Stack* stack) {
  at::Tensor self = torch::jit::pop(*stack).toTensor();
  self.zero_();
  stack->emplace_back(self.dim() >= 4 ? self.clone() : self);
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(planted, m) { m.def("boxing_returns_copy(Tensor(a!) self) -> Tensor(a!)"); }
TORCH_LIBRARY_IMPL(planted, CPU, m) {
  m.impl("boxing_returns_copy", torch::CppFunction::makeFromBoxedFunction<&boxing_returns_copy>());
}
