// Derivatives of views: a gradient goes back to where its elements were seen. Promises: what a view does not
// show gets zero; what it shows more than once gets the sum.
#pragma once

#include <string_view>
#include <vector>

#include "engine/ops/formulas.h"

namespace engine::ops {

// The gradient in the argument's sizes again.
std::vector<Tensor> reshaped(Backward& at);
// Zeros, into a view of which, made by `op` with the arguments `more`, the gradient is copied.
std::vector<Tensor> embedded(Backward& at, std::string_view op, std::vector<Value> more);
// Of as_strided: by places in memory. What the argument does not show gets none; where it reaches an element
// twice, the two share.
std::vector<Tensor> unstrided(Backward& at);
std::vector<Tensor> unpermuted(Backward& at);
// Of a list of views along a dimension.
std::vector<Tensor> stacked(Backward& at);

}  // namespace engine::ops
