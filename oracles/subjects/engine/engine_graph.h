// EngineGraph: the first calls of a program as a graph of the engine (engine/ir).
// Promises: the graph's inputs are the case's inputs, then what arguments need and graphs do not hold as
// constants (tensors, for numbers that are passed for a Tensor); its outputs are the results of the calls, in
// order. Throws Misfit, as a call does, if an argument does not fit.
#pragma once

#include "engine/ir/graph.h"
#include "oracles/subjects/engine/engine_inputs.h"
#include "oracles/subjects/engine/engine_subject.h"

namespace oracles {

struct EngineGraph {
  engine::ir::Graph graph;
  std::vector<engine::Value> others;  // of the inputs after those of the case
  std::vector<size_t> returned;       // of each call: how many outputs are its results
};

using OperatorOf = std::function<engine::Operator(size_t call)>;
EngineGraph graph_of(const corpora::Case& c, size_t calls, engine::Device device, const OperatorOf& op);

}  // namespace oracles
