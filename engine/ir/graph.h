// Graph: a program as data: nodes in the order in which they run, values that nodes take and give, inputs and
// outputs. Each value has one definition: it is an input, or a result of one node. Constants are in the
// operands. Promises: fault_of() finds every violation of these rules, so that what runs, analyses or
// compiles a graph need not check them again. A node without an operator is a primitive that only graphs
// have.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/dispatch/operator.h"

namespace engine::ir {

using ValueId = int32_t;

// A value, or one element of a value that is a list.
struct Use {
  ValueId value = -1;
  int32_t element = -1;
  bool operator==(const Use&) const = default;
};

struct Operand {
  enum class Kind : uint8_t { constant, use, list };
  Kind kind = Kind::constant;
  Value constant = {};
  Use use = {};
  std::vector<Operand> list = {};  // of a list that contains a use: each element is a use or a constant

  static Operand of(Value constant) { return {Kind::constant, std::move(constant), {}, {}}; }
  static Operand of(Use use) { return {Kind::use, {}, use, {}}; }
  static Operand of(std::vector<Operand> list) { return {Kind::list, {}, {}, std::move(list)}; }
};

enum class Primitive : uint8_t {
  call,            // of an operator
  constant_chunk,  // the parts of a tensor, of equal size, along `dim`: one result for each. Views
  fused_concat     // its operands, one after the other along `dim`. A new tensor
};
std::string_view name_of(Primitive primitive);  // "prim::ConstantChunk"

struct Node {
  Primitive primitive = Primitive::call;
  std::optional<Operator> op = {};  // of a call
  std::vector<Operand> operands = {};
  std::vector<ValueId> results = {};
  int64_t dim = 0;  // of the other primitives

  std::string name() const;  // of the operator or primitive
};

struct Graph {
  ValueId value_count = 0;
  std::vector<ValueId> inputs = {};
  std::vector<Node> nodes = {};
  std::vector<Use> outputs = {};

  ValueId new_value() { return value_count++; }
  ValueId add_input();
  // Appends a node with as many new results as the operator's schema has returns. The node's index.
  size_t add_call(const Operator& op, std::vector<Operand> operands);
  size_t add_chunk(Use of, int64_t chunks, int64_t dim);
  size_t add_concat(std::vector<Operand> parts, int64_t dim);
};

// Calls visit(use) for each use in the operands, in order.
template <class Visit>
void for_each_use(const Operand& operand, const Visit& visit) {
  if (operand.kind == Operand::Kind::use) visit(operand.use);
  for (const Operand& each : operand.list) for_each_use(each, visit);
}
template <class Visit>
void for_each_use(const Node& node, const Visit& visit) {
  for (const Operand& operand : node.operands) for_each_use(operand, visit);
}

// The first rule that the graph breaks, as one sentence that names the node or value; empty if there is none.
std::string fault_of(const Graph& graph);

}  // namespace engine::ir
