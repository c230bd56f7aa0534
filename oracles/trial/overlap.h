// Overlap: whether a call writes memory that another of its operands shows, or one element under two indices.
// PyTorch promises an error there, or the result of disjoint memory, and keeps neither: it looks at whole
// dense views only. What is computed then hangs on the order of reads and writes.
#pragma once

#include "oracles/trial/trial.h"

namespace oracles {

// Operands of one view, as in x.add_(x): kernels of one element at a time read it before they write it.
enum class SameView { is_fine, counts };

// By the schema's writes, and by those that the direct run showed.
bool writes_shared_memory(Trial& trial, int call, SameView same_view);

}  // namespace oracles
