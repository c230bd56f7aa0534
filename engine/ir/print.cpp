#include "engine/ir/print.h"

#include <fmt/format.h>

#include <cmath>

namespace engine::ir {

namespace {

std::string use_text(const Use& use) {
  return use.element < 0 ? fmt::format("%{}", use.value) : fmt::format("%{}[{}]", use.value, use.element);
}

// With a point or an exponent, so that it does not read as an integer.
std::string real_text(double number) {
  if (std::isnan(number)) return std::signbit(number) ? "-nan" : "nan";
  if (std::isinf(number)) return number < 0 ? "-inf" : "inf";
  std::string text = fmt::format("{}", number);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

std::string quoted(std::string_view text) {
  std::string made = "\"";
  for (const char c : text) {
    if (c == '\n') {
      made += "\\n";
      continue;
    }
    if (c == '"' || c == '\\') made += '\\';
    made += c;
  }
  return made + '"';
}

template <class List, class Print>
std::string list_text(const List& list, const Print& print) {
  std::string text;
  for (const auto& each : list) text += (text.empty() ? "" : ", ") + std::string(print(each));
  return "[" + text + "]";
}

std::string operand_text(const Operand& operand) {
  switch (operand.kind) {
    case Operand::Kind::constant:
      return constant_text(operand.constant);
    case Operand::Kind::use:
      return use_text(operand.use);
    case Operand::Kind::list:
      break;
  }
  return list_text(operand.list, operand_text);
}

std::string attributes_text(const Node& node) {
  if (node.primitive == Primitive::constant_chunk)
    return fmt::format("[chunks={}, dim={}]", node.results.size(), node.dim);
  return node.primitive == Primitive::fused_concat ? fmt::format("[dim={}]", node.dim) : "";
}

void renumber(Operand& operand, const std::vector<ValueId>& numbers) {
  if (operand.kind == Operand::Kind::use) operand.use.value = numbers[static_cast<size_t>(operand.use.value)];
  for (Operand& each : operand.list) renumber(each, numbers);
}

}  // namespace

std::string constant_text(const Value& value) {
  switch (value.tag()) {
    case ValueTag::none:
    case ValueTag::boolean:
    case ValueTag::integer:
    case ValueTag::integers:
    case ValueTag::booleans:
      return to_string(value);
    case ValueTag::real:
      return real_text(value.real());
    case ValueTag::complex:
      return fmt::format("complex({}, {})", real_text(value.complex().real()),
                         real_text(value.complex().imag()));
    case ValueTag::string:
      return quoted(value.string());
    case ValueTag::dtype:
      return fmt::format("dtype({})", name_of(value.dtype()));
    case ValueTag::device:
      return fmt::format("device({})", to_string(value.device()));
    case ValueTag::reals:
      return list_text(value.reals(), real_text);
    case ValueTag::values:
      return list_text(value.values(), constant_text);
    default:
      return fmt::format("{}(...)", name_of(value.tag()));
  }
}

std::string to_text(const Graph& graph) {
  const auto values = [](const std::vector<ValueId>& list) {
    std::string text;
    for (const ValueId each : list) text += fmt::format("{}%{}", text.empty() ? "" : ", ", each);
    return text;
  };
  std::string text = "graph(" + values(graph.inputs) + "):\n";
  for (const Node& node : graph.nodes) {
    text += "  " + values(node.results) + (node.results.empty() ? "" : " = ");
    text += node.name() + attributes_text(node);
    const std::string operands = list_text(node.operands, operand_text);
    text += "(" + operands.substr(1, operands.size() - 2) + ")\n";
  }
  const std::string outputs = list_text(graph.outputs, use_text);
  return text + "  return (" + outputs.substr(1, outputs.size() - 2) + ")\n";
}

Graph canonical(const Graph& graph) {
  std::vector<ValueId> numbers(static_cast<size_t>(graph.value_count), -1);
  ValueId next = 0;
  const auto number = [&](ValueId& value) {
    numbers[static_cast<size_t>(value)] = next;
    value = next++;
  };
  Graph made = graph;
  for (ValueId& input : made.inputs) number(input);
  for (Node& node : made.nodes) {
    for (Operand& operand : node.operands) renumber(operand, numbers);
    for (ValueId& result : node.results) number(result);
  }
  for (Use& output : made.outputs) output.value = numbers[static_cast<size_t>(output.value)];
  made.value_count = next;
  return made;
}

std::string canonical_text(const Graph& graph) { return to_text(canonical(graph)); }

}  // namespace engine::ir
