// Data-dependent operators with symbols: an element, or a number of elements, is an unbacked symbol of the
// shape environment. Promises: the same tensor gives the same symbol, until it is written or the
// environment's epoch advances; a symbol of a count is between 0 and the number of elements.
#pragma once

#include "engine/core/stack.h"
#include "engine/dispatch/kernel.h"
#include "engine/fake/shapes/shape_env.h"

namespace engine::fake {

// Whether the call is an indexing by masks.
bool has_masks(const Call& call, const Stack& stack);
// Replaces masks among the indices by the positions that they choose: meta tensors, whose number of elements
// is a symbol. A mask that does not fit stays. False if there are none.
bool replace_masks(const Call& call, Stack& stack, ShapeEnv& shapes);

// Replaces the arguments, fakes of one mode, by results: numbers, and meta tensors. False for operators that
// are not among these.
bool answer_with_symbols(const Call& call, Stack& stack, ShapeEnv& shapes);

}  // namespace engine::fake
