// Sizes and shapes of one call: symbols are bound at first use, the same for all arguments of the call.
#pragma once

#include "corpora/case/draw_frame.h"

namespace corpora {

int64_t draw_size(Draft& draft);                                      // of a dimension that nothing decides
engine::Dims draw_shape(Draft& draft);                                // of a tensor that nothing decides
engine::Dims broadcastable(Draft& draft, const engine::Dims& shape);  // a shape that broadcasts to it

int64_t value_of(Frame& frame, const Expr& expr);
engine::Dims shape_of(Frame& frame, const std::vector<ShapeTerm>& terms);
const engine::Dims& shape_bound(Frame& frame, int32_t symbol);

// Integers as a spec allows them: bounds, one of several, a dimension.
int64_t draw_integer(Frame& frame, const Spec& spec);
// A shape that dimensions refer to: the spec's own, or that of the call's first tensor.
engine::Dims shape_meant(Frame& frame, const Spec& spec);
// A dimension of a shape of that rank, from either end.
int64_t draw_dim(ChoiceSource& choices, size_t rank);
// Different dimensions, at least one where there is one; in any order and from either end.
engine::Dims draw_dims(ChoiceSource& choices, size_t rank);
engine::Dims draw_permutation(ChoiceSource& choices, size_t rank);

}  // namespace corpora
