// Draws an argument as a spec of the domains says.
#pragma once

#include "corpora/case/draw_frame.h"
#include "corpora/case/draw_tensors.h"

namespace corpora {

// The spec must fit the type (spec_fits.h).
Value draw_from_spec(Frame& frame, const Spec& spec, const engine::Type& type, Use use, size_t argument);

}  // namespace corpora
