// What drawn storages hold.
#pragma once

#include "corpora/case/draw_frame.h"

namespace corpora {

// A rule for a storage that may hold anything: exact values mostly.
FillRule draw_rule(ChoiceSource& choices);

// Whether the fill is written out element by element, rather than left to a rule.
bool is_written_out(Fill fill);
// Writes the fill's values through the view; the rest of the storage is 0.
void write_out(Frame& frame, const TensorSpec& spec, const Input& view, Storage& storage);

}  // namespace corpora
