// Cases that are wrong on purpose: what an operator must refuse, it must refuse on every path.
#pragma once

#include "corpora/case/draw_frame.h"

namespace corpora {

// Makes one argument of the last call wrong, in most cases: a dimension out of range, sizes or a dtype that
// do not go with the others, a tensor or a list element missing. The case stays well formed.
void add_fault(Draft& draft);

}  // namespace corpora
