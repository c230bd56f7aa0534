// The printer of graphs, and their canonical form. parse.h describes the text.
// Promises: a graph without constant tensors is printed so that it parses as a graph with the same text;
// canonical_text() is equal for two such graphs exactly if they differ in nothing but the numbers of their
// values.
#pragma once

#include <string>

#include "engine/ir/graph.h"

namespace engine::ir {

std::string to_text(const Graph& graph);
// Values are numbered in the order of their definitions.
Graph canonical(const Graph& graph);
std::string canonical_text(const Graph& graph);
std::string constant_text(const Value& value);

}  // namespace engine::ir
