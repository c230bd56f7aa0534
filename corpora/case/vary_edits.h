// The edits of vary(). Each returns whether it changed the case; vary() keeps what is well formed.
#pragma once

#include <vector>

#include "corpora/case/mutate_edits.h"

namespace corpora {

// Sizes (vary_sizes.cpp): a size of a tensor and all sizes equal to it, of other tensors too, in lists of
// integers, sometimes in integers, and sometimes multiples of it. Values that were below the old size stay
// below the new one, because they may be indices.
bool move_size(Mutation m);
// The largest size becomes half of what it was, in the same places.
bool halve_largest(Mutation m);

// Tensors (vary_tensors.cpp).
bool vary_layout(Mutation m);  // strides and offset; the values stay
bool vary_dtype(Mutation m);  // of all storages and arguments that have the same one, mostly to a similar one
bool vary_values(Mutation m);  // with explicit values: takes them from the same column

// Gives the view a geometry of the same rank and keeps the values of its elements; larger dimensions repeat
// them. A storage with explicit values that other views share is copied.
void reshape_view(Case& c, size_t input, engine::Dims sizes, engine::Dims strides, int64_t offset);

// Whether a call writes the input.
bool is_written(const Case& c, const Catalog& catalog, size_t input);

}  // namespace corpora
