// The contents of drawn storages.
#pragma once

#include "corpora/case/draw_frame.h"

namespace corpora {

// A rule for a storage without requirements; most rules give exact values.
FillRule draw_rule(ChoiceSource& choices);

// Whether the fill is explicit values, not a rule.
bool is_explicit(Fill fill);
// Writes the fill's values into the view's elements; the rest of the storage is 0.
void write_values(Frame& frame, const TensorSpec& spec, const Input& view, Storage& storage);

}  // namespace corpora
