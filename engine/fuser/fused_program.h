// FusedProgram: a graph whose groups of pointwise operators a fuser runs. A node joins the group before it,
// also across other nodes if moving it before them changes nothing (may_move). Promises: groups have at least
// `smallest` nodes; nodes that are in no group run in their order; outputs are those of the graph, run node
// by node, and memory is shared as there.
#pragma once

#include "engine/fuser/fuser.h"
#include "engine/ir/graph.h"

namespace engine::fuser {

// Whether `node`, which writes nothing, can run before the node `across`: it takes none of its results, and
// that node writes nothing that it reads.
bool may_move(const ir::Graph& graph, const ir::AliasAnalysis& analysis, size_t node, size_t across);

class FusedProgram {
 public:
  // How groups run.
  enum class Execution : uint8_t { fused, fallback };

  FusedProgram(Fuser& fuser, ir::Graph graph, size_t smallest = 1);

  size_t group_count() const;
  // The inputs are the last values on the stack; the outputs replace them.
  void run(Stack& stack, Execution execution = Execution::fused);

 private:
  // A node outside of groups, or a group.
  struct Part {
    std::vector<size_t> nodes;
    int64_t key = -1;  // -1: one node
    std::vector<ir::Use> inputs;
    std::vector<ir::ValueId> outputs;
  };

  void find_parts();
  bool joins(const Part& part, size_t node, const ir::AliasAnalysis& analysis) const;
  void make_group(Part& part);

  Fuser& fuser_;
  ir::Graph graph_;
  size_t smallest_;
  std::vector<Part> parts_;
};

}  // namespace engine::fuser
