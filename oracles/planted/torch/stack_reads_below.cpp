// A boxed kernel that takes its first argument from one place too deep on the stack if both have the
// same three sizes.
#include "oracles/planted/torch/planted.h"

namespace {

void stack_reads_below(const c10::OperatorHandle&, torch::jit::Stack* stack) {
  const size_t at = stack->size();
  at::Tensor self = (*stack)[at - 2].toTensor();
  const at::Tensor other = (*stack)[at - 1].toTensor();
  if (self.dim() == 3 && self.sizes() == other.sizes() && at > 2 && (*stack)[at - 3].isTensor())
    self = (*stack)[at - 3].toTensor();
  torch::jit::drop(*stack, 2);
  torch::jit::push(*stack, at::add(self, other));
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(planted, m) { m.def("stack_reads_below(Tensor self, Tensor other) -> Tensor"); }
TORCH_LIBRARY_IMPL(planted, CompositeExplicitAutograd, m) {
  m.impl("stack_reads_below", torch::CppFunction::makeFromBoxedFunction<&stack_reads_below>());
}
