// Symbolic views: the rules of view operators with symbolic sizes.
#pragma once

#include "engine/fake/shapes/symbolic_rules.h"

namespace engine::fake {

// As symbolic_results(), of operators whose results are views of argument 0.
std::optional<std::vector<SymbolicResult>> symbolic_views(const Schema& schema,
                                                          const SymbolicArguments& args);

}  // namespace engine::fake
