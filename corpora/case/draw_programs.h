// Programs: an earlier call whose result takes the place of an input of the last call; and perhaps a write
// between the two, into what the one took or what it gave.
#pragma once

#include "corpora/case/draw_frame.h"

namespace corpora {

// Puts one view or element-wise call before the last call, if some input allows it. The last call sees a
// tensor of the sizes and dtype that were drawn for it.
void add_earlier_call(Draft& draft);

}  // namespace corpora
