// Sizes and shapes of one call. A symbol gets its value at first use, for all arguments of the call.
#pragma once

#include "corpora/case/draw_frame.h"

namespace corpora {

// A shape that broadcasts to `shape`.
engine::Dims broadcastable(Draft& draft, const engine::Dims& shape);

int64_t value_of(Frame& frame, const Expr& expr);
engine::Dims shape_of(Frame& frame, const std::vector<ShapeTerm>& terms);
const engine::Dims& shape_bound(Frame& frame, int32_t symbol);

// An integer of a spec of kind one_of, integers or dim; for another spec, a size.
int64_t draw_integer(Frame& frame, const Spec& spec);
// The shape that the spec's dimensions are of: its own, or that of the call's first tensor.
engine::Dims shape_of_dims(Frame& frame, const Spec& spec);
// A dimension of a shape of that rank, counted from either end.
int64_t draw_dim(ChoiceSource& choices, size_t rank);
// Different dimensions in any order, counted from either end; at least one if there is one.
engine::Dims draw_dims(ChoiceSource& choices, size_t rank);
engine::Dims draw_permutation(ChoiceSource& choices, size_t rank);

}  // namespace corpora
