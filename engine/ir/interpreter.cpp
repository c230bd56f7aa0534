#include "engine/ir/interpreter.h"

#include <fmt/core.h>

#include "engine/core/error.h"
#include "engine/dispatch/arguments.h"
#include "engine/dispatch/dispatcher.h"

namespace engine::ir {

Value Environment::read(const Use& use) const {
  const Value& value = values_[static_cast<size_t>(use.value)];
  if (use.element < 0) return value;
  const auto place = static_cast<size_t>(use.element);
  const auto refuse = [&](size_t size) {
    throw Error(fmt::format("%{} has {} elements, and no element {}", use.value, size, use.element),
                ErrorKind::index);
  };
  if (value.is(ValueTag::tensors)) {
    if (place >= value.tensors().size()) refuse(value.tensors().size());
    return value.tensors()[place];
  }
  if (place >= value.values().size()) refuse(value.values().size());
  return value.values()[place];
}

Value Environment::read(const Operand& operand, const Type& type) const {
  if (operand.kind == Operand::Kind::constant) return operand.constant;
  if (operand.kind == Operand::Kind::use) return read(operand.use);
  const Type& list = type.kind == TypeKind::optional ? type.element() : type;
  std::vector<Value> elements;
  for (const Operand& each : operand.list) elements.push_back(read(each, list.element()));
  std::optional<Value> fits = fitted(std::move(elements), type);
  if (!fits) throw Error(fmt::format("the list is not of type {}", to_string(type)), ErrorKind::type);
  return *std::move(fits);
}

std::optional<int64_t> chunk_size(IntSpan sizes, int64_t dim, size_t chunks) {
  const auto rank = static_cast<int64_t>(sizes.size()), count = static_cast<int64_t>(chunks);
  if (dim < -rank || dim >= rank) return std::nullopt;
  const int64_t size = sizes[static_cast<size_t>(dim < 0 ? dim + rank : dim)];
  if (size % count != 0) return std::nullopt;
  return size / count;
}

void Environment::run_chunk(const Node& node) {
  const Value whole = read(node.operands[0].use);
  const std::optional<int64_t> size = chunk_size(whole.tensor().sizes(), node.dim, node.results.size());
  if (!size)
    throw Error(
        fmt::format("prim::ConstantChunk: cannot divide dimension {} of a tensor of rank {} into {} "
                    "equal parts",
                    node.dim, whole.tensor().rank(), node.results.size()));
  const Operator slice = dispatcher_->op("aten::slice.Tensor");
  for (size_t i = 0; i < node.results.size(); ++i) {
    const int64_t start = static_cast<int64_t>(i) * *size;
    Stack stack{whole, node.dim, start, start + *size, 1};
    slice.call_boxed(stack);
    (*this)[node.results[i]] = stack.pop();
  }
}

void Environment::run_concat(const Node& node) {
  std::vector<Tensor> parts;
  for (const Operand& operand : node.operands) parts.push_back(read(operand.use).tensor());
  Stack stack{std::move(parts), node.dim};
  dispatcher_->op("aten::cat").call_boxed(stack);
  (*this)[node.results[0]] = stack.pop();
}

void Environment::run(const Node& node) {
  if (node.primitive == Primitive::constant_chunk) return run_chunk(node);
  if (node.primitive == Primitive::fused_concat) return run_concat(node);
  Stack stack;
  for (size_t i = 0; i < node.operands.size(); ++i)
    stack.push_back(read(node.operands[i], node.op->schema().arguments[i].type));
  node.op->call_boxed(stack);
  for (size_t i = 0; i < node.results.size(); ++i) (*this)[node.results[i]] = std::move(stack[i]);
}

namespace {

// For each value the last node that reads it; outputs have none.
std::vector<size_t> last_readers(const Graph& graph) {
  std::vector<size_t> last(static_cast<size_t>(graph.value_count), SIZE_MAX);
  for (size_t n = 0; n < graph.nodes.size(); ++n) {
    const auto reads = [&](ValueId value) { last[static_cast<size_t>(value)] = n; };
    for (const ValueId result : graph.nodes[n].results) reads(result);
    for_each_use(graph.nodes[n], [&](const Use& use) { reads(use.value); });
  }
  for (const Use& output : graph.outputs) last[static_cast<size_t>(output.value)] = SIZE_MAX;
  return last;
}

}  // namespace

void interpret(const Graph& graph, Dispatcher& dispatcher, Stack& stack) {
  Environment values(graph, &dispatcher);
  const std::span<Value> inputs = stack.last(graph.inputs.size());
  for (size_t i = 0; i < inputs.size(); ++i) values[graph.inputs[i]] = inputs[i];
  const std::vector<size_t> last = last_readers(graph);
  for (size_t n = 0; n < graph.nodes.size(); ++n) {
    const Node& node = graph.nodes[n];
    values.run(node);
    const auto release = [&](ValueId value) {
      if (last[static_cast<size_t>(value)] == n) values[value] = Value();
    };
    for (const ValueId result : node.results) release(result);
    for_each_use(node, [&](const Use& use) { release(use.value); });
  }
  std::vector<Value> outputs;
  for (const Use& output : graph.outputs) outputs.push_back(values.read(output));
  stack.drop(inputs.size());
  for (Value& output : outputs) stack.push_back(std::move(output));
}

}  // namespace engine::ir
