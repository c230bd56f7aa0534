// RecordCalls: the boxed kernel of one operator at the Autograd keys. If this thread records and an argument
// requires grad, the call runs below autograd, and its results and every tensor that it writes get a history.
// Otherwise the call passes through. If an argument has a tangent, the results get theirs (forward_mode.h).
// Promises: values, errors and effects are those of the call without autograd; a call that cannot be recorded
// raises before it writes.
#pragma once

#include "engine/dispatch/operator.h"
#include "engine/ops/declaration.h"
#include "engine/ops/register_operators.h"

namespace engine::autograd {

struct RecordCalls {
  const ops::OperatorDeclaration* declaration;
  ops::Form form = ops::Form::functional;
  bool makes_views = false;  // its results are views of its first argument
  bool resizes = false;      // may change the memory of a written tensor: refused if recorded

  void operator()(const Call& call, Stack& stack) const;

 private:
  void record(const Call& call, Stack& stack) const;
};

// The kernels of the declared operators, or of one declaration.
[[nodiscard]] Registrations register_autograd(Dispatcher& dispatcher);
[[nodiscard]] Registrations register_autograd(Dispatcher& dispatcher,
                                              const ops::OperatorDeclaration& declaration);

}  // namespace engine::autograd
