// Derivatives of views: the gradient of the argument. Promises: elements that the view does not show get
// zero; an element that it shows more than once gets the sum.
#pragma once

#include <string_view>

#include "engine/ops/formulas.h"

namespace engine::ops {

// The gradient in the argument's sizes.
Tensor reshaped(Backward& at);
// Copies the gradient into a view of zeros, made by `op` with the call's other arguments.
Tensor embedded(Backward& at, std::string_view op);
// Of as_strided, by positions in memory. Elements outside of the argument get no gradient. Elements of the
// argument that share a position share its gradient.
Tensor unstrided(Backward& at);
Tensor unpermuted(Backward& at);
// Of a list of views along a dimension.
Tensor stacked(Backward& at);

}  // namespace engine::ops
