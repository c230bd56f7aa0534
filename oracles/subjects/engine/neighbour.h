// A neighbour of a case: the same program with one property of its inputs or arguments changed: an offset, a
// dtype, sizes and strides, shared memory, a number. A cache whose key lacks the property confuses the two.
#pragma once

#include "corpora/case/case.h"

namespace oracles {

// Depends on the content of the case only. Well formed; perhaps the case itself.
corpora::Case neighbour_of(const corpora::Case& c);

}  // namespace oracles
