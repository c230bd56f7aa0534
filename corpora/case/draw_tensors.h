// Tensors of one call: dtype, storage, view and contents of each, and whose storage it shares.
#pragma once

#include "corpora/case/draw_frame.h"

namespace corpora {

enum class Use : uint8_t {
  read,
  written,  // in place
  out       // written only
};

// The dtype that a call's tensors share, from a set; 0: any.
engine::DType draw_dtype(ChoiceSource& choices, DTypeSet among);

// A new input of the case, or another view of a storage that it has.
Value draw_tensor(Frame& frame, const TensorSpec& spec, Use use, size_t argument);
// A tensor that no line speaks of: of the common shape when it is written or the first, otherwise of any that
// broadcasts to it.
Value draw_common_tensor(Frame& frame, Use use, size_t argument);

}  // namespace corpora
