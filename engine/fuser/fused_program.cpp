#include "engine/fuser/fused_program.h"

#include <algorithm>
#include <map>
#include <set>

#include "engine/core/error.h"
#include "engine/fuser/fusable.h"
#include "engine/ir/alias.h"
#include "engine/ir/interpreter.h"

namespace engine::fuser {

namespace {

const ir::AliasKinds& usual_kinds() {
  static const ir::AliasKinds kinds;
  return kinds;
}

// Writes numbers of values of a group's graph for those of the program's.
class Renaming {
 public:
  explicit Renaming(ir::Graph& group) : group_(group) {}

  // The group's number of what a node reads, which becomes an input if no node of the group gives it.
  ir::ValueId read(const ir::Use& use) {
    const auto [place, is_new] = names_.emplace(std::pair(use.value, use.element), -1);
    if (!is_new) return place->second;
    inputs.push_back(use);
    return place->second = group_.add_input();
  }
  ir::ValueId define(ir::ValueId value) {
    const ir::ValueId made = group_.new_value();
    names_[{value, -1}] = made;
    return made;
  }
  ir::ValueId name(ir::ValueId value) const { return names_.at({value, -1}); }

  void rename(ir::Operand& operand) {
    if (operand.kind == ir::Operand::Kind::use) operand.use = {read(operand.use), -1};
    for (ir::Operand& each : operand.list) rename(each);
  }

  std::vector<ir::Use> inputs;

 private:
  ir::Graph& group_;
  std::map<std::pair<ir::ValueId, int32_t>, ir::ValueId> names_;
};

// aten::cat of values along a constant dimension, which kernels contain as prim::FusedConcat.
bool is_concat(const ir::Node& node) {
  if (node.primitive != ir::Primitive::call || node.op->name() != "aten::cat") return false;
  const ir::Operand& parts = node.operands[0];
  return parts.kind == ir::Operand::Kind::list && node.operands[1].kind == ir::Operand::Kind::constant &&
         std::ranges::all_of(parts.list,
                             [](const ir::Operand& each) { return each.kind == ir::Operand::Kind::use; });
}

ir::Node as_primitive(const ir::Node& node) {
  return {.primitive = ir::Primitive::fused_concat,
          .operands = node.operands[0].list,
          .results = node.results,
          .dim = node.operands[1].constant.integer()};
}

bool gives_concat(const ir::Node& node) {
  return node.primitive == ir::Primitive::fused_concat || is_concat(node);
}

bool reads_result_of(const ir::Node& node, const ir::Node& giver) {
  bool reads = false;
  for_each_use(node, [&](const ir::Use& use) {
    reads = reads || std::ranges::find(giver.results, use.value) != giver.results.end();
  });
  return reads;
}

}  // namespace

bool may_move(const ir::Graph& graph, const ir::AliasAnalysis& analysis, size_t node, size_t across) {
  if (reads_result_of(graph.nodes[node], graph.nodes[across])) return false;
  bool written = false;
  for_each_use(graph.nodes[node],
               [&](const ir::Use& use) { written = written || analysis.may_write(across, use.value); });
  return !written;
}

FusedProgram::FusedProgram(Fuser& fuser, ir::Graph graph, size_t smallest)
    : fuser_(fuser), graph_(std::move(graph)), smallest_(smallest) {
  if (const std::string fault = ir::fault_of(graph_); !fault.empty()) throw Error(fault, ErrorKind::value);
  find_parts();
}

size_t FusedProgram::group_count() const {
  return static_cast<size_t>(std::ranges::count_if(parts_, [](const Part& part) { return part.key >= 0; }));
}

// Whether the node can be the last one of a group, which runs where its first node was. Nothing may read a
// concatenation in its group.
bool FusedProgram::joins(const Part& part, size_t node, const ir::AliasAnalysis& analysis) const {
  for (size_t other = part.nodes.front(); other < node; ++other) {
    const bool inside = std::ranges::binary_search(part.nodes, other);
    if (inside && gives_concat(graph_.nodes[other]) &&
        reads_result_of(graph_.nodes[node], graph_.nodes[other]))
      return false;
    if (!inside && !fuser_.steps().may_move(graph_, analysis, node, other)) return false;
  }
  return true;
}

void FusedProgram::find_parts() {
  const ir::AliasAnalysis analysis(graph_, usual_kinds());
  size_t last_group = SIZE_MAX;  // its place in parts_
  for (size_t node = 0; node < graph_.nodes.size(); ++node) {
    const bool fusable = is_fusable(graph_.nodes[node]) || is_concat(graph_.nodes[node]);
    if (fusable && last_group != SIZE_MAX && joins(parts_[last_group], node, analysis)) {
      parts_[last_group].nodes.push_back(node);
      continue;
    }
    if (fusable) last_group = parts_.size();
    parts_.push_back({.nodes = {node}, .key = -1, .inputs = {}, .outputs = {}});
  }
  for (Part& part : parts_) {
    const ir::Node& first = graph_.nodes[part.nodes.front()];
    if (part.nodes.size() >= smallest_ && (is_fusable(first) || is_concat(first))) make_group(part);
  }
}

void FusedProgram::make_group(Part& part) {
  ir::Graph group;
  Renaming renaming(group);
  std::vector<ir::Node> nodes;
  // Inputs are numbered first, so that a group's number of a value depends only on the group.
  for (const size_t index : part.nodes) {
    ir::Node node = is_concat(graph_.nodes[index]) ? as_primitive(graph_.nodes[index]) : graph_.nodes[index];
    for (ir::Operand& operand : node.operands) renaming.rename(operand);
    for (ir::ValueId& result : node.results) {
      const ir::ValueId own = result;
      result = renaming.define(own);
      part.outputs.push_back(own);
    }
    nodes.push_back(std::move(node));
  }
  group.nodes = std::move(nodes);
  const std::set<size_t> inside(part.nodes.begin(), part.nodes.end());
  std::erase_if(part.outputs, [&](ir::ValueId value) {
    const auto is_read = [&](const ir::Use& use) { return use.value == value; };
    bool read = std::ranges::any_of(graph_.outputs, is_read);
    for (size_t i = 0; i < graph_.nodes.size(); ++i)
      if (!inside.contains(i))
        for_each_use(graph_.nodes[i], [&](const ir::Use& use) { read = read || is_read(use); });
    return !read;
  });
  for (const ir::ValueId output : part.outputs) group.outputs.push_back({renaming.name(output), -1});
  part.inputs = std::move(renaming.inputs);
  part.key = fuser_.add(group);
}

void FusedProgram::run(Stack& stack, Execution execution) {
  ir::Environment values(graph_, &fuser_.dispatcher());
  const std::span<Value> inputs = stack.last(graph_.inputs.size());
  for (size_t i = 0; i < inputs.size(); ++i) values[graph_.inputs[i]] = inputs[i];
  for (const Part& part : parts_) {
    if (part.key < 0) {
      for (const size_t node : part.nodes) values.run(graph_.nodes[node]);
      continue;
    }
    Stack of_group;
    for (const ir::Use& input : part.inputs) of_group.push_back(values.read(input));
    if (execution == Execution::fused)
      fuser_.run(part.key, of_group);
    else
      fuser_.run_fallback(part.key, of_group);
    for (size_t i = 0; i < part.outputs.size(); ++i) values[part.outputs[i]] = std::move(of_group[i]);
  }
  std::vector<Value> outputs;
  for (const ir::Use& output : graph_.outputs) outputs.push_back(values.read(output));
  stack.drop(inputs.size());
  for (Value& output : outputs) stack.push_back(std::move(output));
}

}  // namespace engine::fuser
