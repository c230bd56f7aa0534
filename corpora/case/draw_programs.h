// Programs: earlier calls whose results replace inputs of later calls, and perhaps a write between two calls,
// into the input of the first or into its result.
#pragma once

#include "corpora/case/draw_frame.h"

namespace corpora {

// Puts one view or element-wise call before the last call, if some input allows it. The last call sees a
// tensor of the sizes and dtype that were drawn for it.
void add_earlier_call(Draft& draft);

// Puts a call of several results (a list, or a tuple) before some call of a program, which then reads one of
// them that is not the first, in place of an input that it does not write.
void add_call_of_several_results(Draft& draft);

}  // namespace corpora
