// ZeroRuleKernel: the kernel at ZeroTensor of an operator whose declaration has a zero rule: where the rule
// says that the result is zero, it is a ZeroTensor as planned, and nothing is computed. Promises: that is
// done only where computing would give +0 in every element: the other operands are looked at where they
// decide, and where they cannot be, or the sign would be lost, the call goes on with real zeros. Refuses what
// the operator's own rule refuses.
#pragma once

#include "engine/dispatch/kernel.h"
#include "engine/ops/declaration.h"

namespace engine::ops {

// Object for boxed_kernel_of.
struct ZeroRuleKernel {
  const OperatorDeclaration* declaration;
  void operator()(const Call& call, Stack& stack) const;
};

}  // namespace engine::ops
