// Draws arguments: as a spec of the domains says, or by the type that the schema declares if no line is about
// them.
#pragma once

#include "corpora/case/draw_tensors.h"

namespace corpora {

// The spec must fit the type (spec_fits.h).
Value draw_from_spec(Frame& frame, const Spec& spec, const engine::Type& type, Use use, size_t argument);
Value draw_by_type(Frame& frame, const engine::Type& type, Use use, size_t argument);

}  // namespace corpora
