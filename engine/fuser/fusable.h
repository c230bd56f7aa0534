// Which nodes kernels may contain: primitives, and pointwise operators with constant numbers whose kernel is
// the declared one.
#pragma once

#include "engine/fuser/fallback_reason.h"
#include "engine/ir/graph.h"

namespace engine::fuser {

// Why kernels may not contain the node; none if they may.
FallbackReason why_not_fusable(const ir::Node& node);
inline bool is_fusable(const ir::Node& node) { return why_not_fusable(node) == FallbackReason::none; }

}  // namespace engine::fuser
