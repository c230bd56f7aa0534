// Draws the tensors of one call: dtype, storage, view, contents, and which storage each shares.
#pragma once

#include "corpora/case/draw_frame.h"

namespace corpora {

enum class Use : uint8_t {
  read,
  written,  // in place
  out       // written only
};

// A rule for a storage without requirements; most rules give exact values.
FillRule draw_rule(ChoiceSource& choices);
// A dtype of the catalog, of those in `among`; if there are none, any.
engine::DType draw_dtype(const Catalog& catalog, ChoiceSource& choices, DTypeSet among = every_dtype);

// A new input of the case, perhaps a view of a storage that the case already has.
Value draw_tensor(Frame& frame, const TensorSpec& spec, Use use, size_t argument);
// A tensor that no line is about. If it is the first or the call writes it, it has the common shape,
// otherwise a shape that broadcasts to that.
Value draw_common_tensor(Frame& frame, Use use, size_t argument);

}  // namespace corpora
