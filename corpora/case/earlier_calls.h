// Earlier calls of a drawn case: the result of one replaces an input of the last call. Between the two there
// may be a write, into the input or the result of the earlier call.
#pragma once

#include "corpora/case/draw_frame.h"

namespace corpora {

// Inserts a view or an element-wise call before the last call, if some input allows it. The last call reads a
// tensor of the sizes and dtype that were drawn for it.
void add_earlier_call(Draft& draft);

// Inserts a call with several results (a list or a tuple) before some call, which then reads one of them that
// is not the first, in place of an input that it does not write.
void add_call_of_several_results(Draft& draft);

}  // namespace corpora
