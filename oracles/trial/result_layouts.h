// Result layouts: whether a run returned a tensor without strides and plain elements (sparse, nested,
// quantized, or a wrapper of another tensor). Wrappers that need strides cannot hold such tensors.
#pragma once

#include "oracles/outcome.h"

namespace oracles {

bool returns_other_layouts(const Outcome& outcome);

}  // namespace oracles
