// ZeroRuleKernel: the kernel at ZeroTensor of an operator whose declaration has a zero rule. If the rule
// decides that the result is zero, the result is a ZeroTensor as planned, and nothing is computed. Promises:
// this happens only if computing would give +0 in every element; the kernel reads other operands if they
// decide. Otherwise, and if it cannot read them, the call continues with materialized zeros. Refuses what the
// operator's own rule refuses.
#pragma once

#include "engine/dispatch/kernel.h"
#include "engine/ops/declaration.h"

namespace engine::ops {

struct ZeroRuleKernel {
  const OperatorDeclaration* declaration;
  void operator()(const Call& call, Stack& stack) const;
};

}  // namespace engine::ops
