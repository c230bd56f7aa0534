// One call: its arguments in schema order, each as the domains say, or by its type.
#pragma once

#include <vector>

#include "corpora/case/draw_frame.h"

namespace corpora {

// An argument that someone has already decided on, by name; drawn in the caller's frame.
struct Decided {
  Frame& frame;
  const std::vector<Assignment>& assignments;
};

// Draws a call of `op` and appends it to the case, after the calls whose results it takes. Returns its index.
int32_t draw_call(Draft& draft, const Operator& op, const Decided* decided = nullptr);

}  // namespace corpora
