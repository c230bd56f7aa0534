// Draws one call: each argument as the domains say, or else by its type.
#pragma once

#include <vector>

#include "corpora/case/draw_frame.h"

namespace corpora {

// The arguments in result(op; ...) of a domain, drawn in the frame of the call that reads the result.
struct GivenArguments {
  Frame& frame;
  const Assignments& assignments;
};

// Draws a call of `op` and appends it to the case, after the calls whose results it reads. Returns its index.
int32_t draw_call(Draft& draft, const Operator& op, const GivenArguments* given = nullptr);

}  // namespace corpora
