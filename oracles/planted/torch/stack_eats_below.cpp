// A boxed kernel that drops one value more from the stack than it has arguments if its input
// has three dimensions and is not contiguous.
#include "oracles/planted/torch/planted.h"

namespace {

void stack_eats_below(const c10::OperatorHandle&, torch::jit::Stack* stack) {
  const at::Tensor self = torch::jit::pop(*stack).toTensor();
  if (self.dim() == 3 && !self.is_contiguous() && !stack->empty()) torch::jit::drop(*stack, 1);
  torch::jit::push(*stack, at::mul(self, 2));
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(planted, m) { m.def("stack_eats_below(Tensor self) -> Tensor"); }
TORCH_LIBRARY_IMPL(planted, CompositeExplicitAutograd, m) {
  m.impl("stack_eats_below", torch::CppFunction::makeFromBoxedFunction<&stack_eats_below>());
}
