// Draws arguments that no line of a domains file is about, by the type that the schema declares.
#pragma once

#include "corpora/case/draw_frame.h"
#include "corpora/case/draw_tensors.h"

namespace corpora {

Value draw_by_type(Frame& frame, const engine::Type& type, Use use, size_t argument);

// The length of a list that no domain decides: the declared length, or one that all lists of tensors of the
// call share.
int64_t draw_list_length(Frame& frame, const engine::Type& list);

}  // namespace corpora
