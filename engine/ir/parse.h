// The parser of graphs. Their text form (print.h):
//   graph(%0, %1):
//     %2 = aten::add.Tensor(%0, %1, 1)
//     %3, %4 = prim::ConstantChunk[chunks=2, dim=0](%2)
//     %5 = prim::FusedConcat[dim=0](%4, %3)
//     %6 = aten::split.Tensor(%5, 2, 0)
//     return (%5, %6[1])
// Constants: None, True, 3, 0.5, inf, -inf, nan, complex(0.5, -1.0), "text", dtype(f32), device(cpu), and
// lists of these. White space does not matter, and # starts a comment. Promises: parse_graph(to_text(graph))
// has the same text; canonical_text() is equal for two graphs exactly if they differ in nothing but the
// numbers of their values. Refuses, with InputError at FILE:LINE:COLUMN, text that is not a graph, an
// operator that the dispatcher does not have, and a graph that breaks a rule (graph.h). A constant tensor is
// printed as `tensor(...)`, which the parser refuses.
#pragma once

#include <string_view>

#include "engine/dispatch/dispatcher.h"
#include "engine/ir/graph.h"

namespace engine::ir {

// `file` is named in errors.
Graph parse_graph(std::string_view text, const Dispatcher& dispatcher, std::string_view file = "graph");

}  // namespace engine::ir
