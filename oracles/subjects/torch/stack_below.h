// StackBelow: tensors on the stack below the arguments of a call, which belong to the caller. A boxed kernel
// must neither remove nor read them. They have other values along the layer `pattern`, so that a kernel which
// reads them returns other results there.
#pragma once

#include <ATen/core/stack.h>

namespace oracles::aten {

class StackBelow {
 public:
  explicit StackBelow(bool other_pattern) : other_pattern_(other_pattern) {}

  void push(torch::jit::Stack& stack) const;
  // After a call that returned: removes them. If one is missing, returns false and leaves the stack alone.
  bool take(torch::jit::Stack& stack) const;

 private:
  bool other_pattern_;
};

}  // namespace oracles::aten
