// Arguments that no line of a domains file speaks of, by the type that the schema declares.
#pragma once

#include "corpora/case/draw_frame.h"
#include "corpora/case/draw_tensors.h"

namespace corpora {

Value draw_by_type(Frame& frame, const engine::Type& type, Use use, size_t argument);

// A number that suits the call's dtype.
Value draw_number(Frame& frame);
// How many elements a list has that nothing decides: the declared length, or the call's own for lists of
// tensors.
int64_t draw_list_length(Frame& frame, const engine::Type& list);

}  // namespace corpora
