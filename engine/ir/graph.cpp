#include "engine/ir/graph.h"

#include <fmt/core.h>

namespace engine::ir {

namespace {

bool is_list(const Type& type) {
  return type.kind == TypeKind::list || (type.kind == TypeKind::optional && is_list(type.element()));
}

// Checks a graph from its inputs to its outputs. `type` of a value is null if it is not known.
class Verifier {
 public:
  explicit Verifier(const Graph& graph)
      : graph_(graph),
        defined_(static_cast<size_t>(graph.value_count), false),
        types_(static_cast<size_t>(graph.value_count), nullptr) {}

  std::string fault() {
    for (const ValueId input : graph_.inputs)
      if (std::string why = define(input, nullptr); !why.empty()) return "input: " + why;
    for (const Node& node : graph_.nodes)
      if (std::string why = fault_of_node(node); !why.empty()) return node.name() + ": " + why;
    for (const Use& output : graph_.outputs)
      if (std::string why = fault_of_use(output); !why.empty()) return "return: " + why;
    return "";
  }

 private:
  std::string define(ValueId value, const Type* type) {
    if (value < 0 || value >= graph_.value_count) return fmt::format("%{} is out of range", value);
    const auto place = static_cast<size_t>(value);
    if (defined_[place]) return fmt::format("%{} is defined a second time", value);
    defined_[place] = true;
    types_[place] = type;
    return "";
  }

  std::string fault_of_use(const Use& use) const {
    if (use.value < 0 || use.value >= graph_.value_count || !defined_[static_cast<size_t>(use.value)])
      return fmt::format("%{} is used before its definition", use.value);
    const Type* type = types_[static_cast<size_t>(use.value)];
    if (use.element >= 0 && type && !is_list(*type))
      return fmt::format("%{} is not a list and has no element {}", use.value, use.element);
    return "";
  }

  std::string fault_of_uses(const Operand& operand) const {
    std::string why;
    for_each_use(operand, [&](const Use& use) {
      if (why.empty()) why = fault_of_use(use);
    });
    return why;
  }

  static std::string fault_of_argument(const Operand& operand, const Argument& argument) {
    if (operand.kind == Operand::Kind::list && !is_list(argument.type))
      return fmt::format("the argument {} is not a list", argument.name);
    return "";
  }

  std::string fault_of_primitive(const Node& node) const {
    if (node.op) return "a primitive has no operator";
    const bool chunk = node.primitive == Primitive::constant_chunk;
    if (chunk ? node.operands.size() != 1 : node.operands.empty()) return "wrong number of operands";
    if (chunk ? node.results.empty() : node.results.size() != 1) return "wrong number of results";
    for (const Operand& operand : node.operands)
      if (operand.kind != Operand::Kind::use) return "an operand is not a value";
    return "";
  }

  std::string fault_of_call(const Node& node) const {
    if (!node.op || !node.op->has_schema()) return "the operator is not defined";
    const Schema& schema = node.op->schema();
    if (node.operands.size() != schema.arguments.size())
      return fmt::format("{} operands for {} arguments", node.operands.size(), schema.arguments.size());
    if (node.results.size() != schema.returns.size())
      return fmt::format("{} results for {} returns", node.results.size(), schema.returns.size());
    for (size_t i = 0; i < node.operands.size(); ++i)
      if (std::string why = fault_of_argument(node.operands[i], schema.arguments[i]); !why.empty())
        return why;
    return "";
  }

  std::string fault_of_node(const Node& node) {
    const bool call = node.primitive == Primitive::call;
    if (std::string why = call ? fault_of_call(node) : fault_of_primitive(node); !why.empty()) return why;
    for (const Operand& operand : node.operands)
      if (std::string why = fault_of_uses(operand); !why.empty()) return why;
    static const Type tensor{};
    for (size_t i = 0; i < node.results.size(); ++i) {
      const Type* const type = call ? &node.op->schema().returns[i].type : &tensor;
      if (std::string why = define(node.results[i], type); !why.empty()) return why;
    }
    return "";
  }

  const Graph& graph_;
  std::vector<bool> defined_;
  std::vector<const Type*> types_;
};

size_t append(Graph& graph, Node node, size_t results) {
  for (size_t i = 0; i < results; ++i) node.results.push_back(graph.new_value());
  graph.nodes.push_back(std::move(node));
  return graph.nodes.size() - 1;
}

}  // namespace

std::string_view name_of(Primitive primitive) {
  switch (primitive) {
    case Primitive::constant_chunk:
      return "prim::ConstantChunk";
    case Primitive::fused_concat:
      return "prim::FusedConcat";
    case Primitive::call:
      break;
  }
  return "call";
}

std::string Node::name() const {
  if (primitive != Primitive::call) return std::string(name_of(primitive));
  return op ? op->name() : "a call without an operator";
}

ValueId Graph::add_input() {
  inputs.push_back(new_value());
  return inputs.back();
}

size_t Graph::add_call(const Operator& op, std::vector<Operand> operands) {
  return append(*this, {.op = op, .operands = std::move(operands)}, op.schema().returns.size());
}

size_t Graph::add_chunk(Use of, int64_t chunks, int64_t dim) {
  return append(*this, {.primitive = Primitive::constant_chunk, .operands = {Operand::of(of)}, .dim = dim},
                static_cast<size_t>(chunks));
}

size_t Graph::add_concat(std::vector<Operand> parts, int64_t dim) {
  return append(*this, {.primitive = Primitive::fused_concat, .operands = std::move(parts), .dim = dim}, 1);
}

std::string fault_of(const Graph& graph) { return Verifier(graph).fault(); }

}  // namespace engine::ir
