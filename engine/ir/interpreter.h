// interpret(): runs a graph node by node through the dispatcher.
// Promises: the inputs are the last values on the stack, and the outputs replace them; deeper values are not
// touched; a value is released after the last node that reads it; if a node raises, the stack is as before
// the call. The error is that of the node.
#pragma once

#include "engine/ir/graph.h"

namespace engine::ir {

// The values of a graph while it runs. `dispatcher` has the operators that primitives call; null if the graph
// has no primitives.
class Environment {
 public:
  explicit Environment(const Graph& graph, Dispatcher* dispatcher = nullptr)
      : values_(static_cast<size_t>(graph.value_count)), dispatcher_(dispatcher) {}

  Value& operator[](ValueId value) { return values_[static_cast<size_t>(value)]; }
  // Throws Error(index) if the list has no such element.
  Value read(const Use& use) const;
  // As an argument of this type.
  Value read(const Operand& operand, const Type& type) const;
  void run(const Node& node);

 private:
  void run_chunk(const Node& node);
  void run_concat(const Node& node);

  std::vector<Value> values_;
  Dispatcher* dispatcher_;
};

void interpret(const Graph& graph, Dispatcher& dispatcher, Stack& stack);

// The size of each part of a prim::ConstantChunk; nothing if the size cannot be divided, or there is no such
// dimension.
std::optional<int64_t> chunk_size(IntSpan sizes, int64_t dim, size_t chunks);

}  // namespace engine::ir
