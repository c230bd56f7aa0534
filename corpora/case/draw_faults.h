// Invalid cases: an operator must reject them on every path.
#pragma once

#include "corpora/case/draw_frame.h"

namespace corpora {

// Makes one argument of the last call invalid, in most cases: a dimension out of range, sizes or a dtype that
// do not match the others, a missing tensor or list element. The case stays well formed.
void add_fault(Draft& draft);

}  // namespace corpora
