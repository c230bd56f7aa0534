// ForwardCall: a call of a declared operator with dual arguments. The tangents of its results come from the
// backward formula of the declaration. The formula maps the gradient of a result to those of the arguments,
// by a linear map; its transpose maps tangents of arguments to the tangent of the result. The transpose is
// what running the formula backwards computes. For a pointwise operator of real numbers the map is diagonal,
// and is its own transpose.
#pragma once

#include "engine/autograd/forward_mode.h"
#include "engine/dispatch/operator.h"
#include "engine/ops/declaration.h"

namespace engine::autograd {

struct ForwardCall {
  const ops::OperatorDeclaration& declaration;
  ops::Form form;
  uint64_t level;

  void run(const Call& call, Stack& stack) const;
};

}  // namespace engine::autograd
