// Far sizes: an input that is expanded to about 2^31 or 2^32 elements, where 32-bit numbers of elements end.
// Its storage stays small. Calls whose results are as large exceed the memory of a run; views, indexing and
// reductions do not.
#pragma once

#include <cstdint>

#include "corpora/case/case.h"
#include "corpora/case/choice_source.h"

namespace corpora {

// The most elements that a view of a case may have.
inline constexpr int64_t view_elements_limit = int64_t{1} << 36;

// Expands one dimension of one input; false if no input has dimensions.
bool expand_far(Case& c, ChoiceSource& choices);
// Whether an input has so many elements that visiting all of them takes seconds, or has no elements but so
// many indices in its other dimensions.
bool has_far_size(const Case& c);

}  // namespace corpora
