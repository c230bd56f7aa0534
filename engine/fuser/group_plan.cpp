#include "engine/fuser/group_plan.h"

#include <algorithm>
#include <map>

#include "engine/backends/cpu/blocks.h"
#include "engine/backends/lanes.h"
#include "engine/core/error.h"
#include "engine/dispatch/schema_parser.h"
#include "engine/fuser/fusable.h"
#include "engine/ir/interpreter.h"
#include "engine/ops/form_kernels.h"

namespace engine::fuser {

namespace {

Tensor meta_of(const ops::PlannedTensor& plan) {
  return make_strided_tensor(plan.dtype, plan.sizes, plan.strides, DeviceType::meta);
}

// What a value is, before it is known which elements of it are read.
struct ValuePlan {
  enum class Kind : uint8_t { input, step, part, concat } kind = Kind::input;
  Tensor meta = {};
  size_t index = 0;  // of the input or node
  ir::ValueId whole = -1;
  int64_t dim = 0, start = 0;  // of a part
};

// What a pointwise node computes. An operand is a value, or a number.
struct NodeCall {
  struct NodeOperand {
    ir::ValueId value = -1;
    Scalar number = {};
    bool rounded = false;
  };
  const PointwiseKernel* kernel = nullptr;
  DType common = DType::f32;
  std::vector<NodeOperand> operands = {};
};

void check_broadcast(std::span<const Value> values) {
  Dims common;
  for (const Value& value : values) {
    if (!value.is_tensor()) continue;
    const IntSpan sizes = value.tensor().sizes();
    if (sizes.size() > common.size()) common.insert(common.begin(), sizes.size() - common.size(), 1);
    for (size_t d = 0; d < sizes.size(); ++d) {
      int64_t& size = common[common.size() - sizes.size() + d];
      if (size != 1 && sizes[d] != 1 && size != sizes[d]) throw Unfused{FallbackReason::not_broadcastable};
      if (size == 1) size = sizes[d];
    }
  }
}

// Lowers values to the steps and lanes of one launch. `starts` is, for each dimension of a value, where the
// elements begin that are read: not 0 in parts.
class Lowering {
 public:
  Lowering(const std::vector<ValuePlan>& values, const std::vector<NodeCall>& calls, Launch& launch)
      : values_(values), calls_(calls), launch_(launch) {}

  Source of(ir::ValueId id, const Dims& starts) {
    const auto key = std::pair(id, std::vector<int64_t>(starts.begin(), starts.end()));
    if (const auto found = known_.find(key); found != known_.end()) return found->second;
    const Source made = lowered(id, starts);
    known_.emplace(key, made);
    return made;
  }

 private:
  Source lowered(ir::ValueId id, const Dims& starts) {
    const ValuePlan& value = values_[static_cast<size_t>(id)];
    switch (value.kind) {
      case ValuePlan::Kind::input:
        return lane(value, starts);
      case ValuePlan::Kind::part: {
        Dims of_whole = starts;
        of_whole[static_cast<size_t>(value.dim)] += value.start;
        return of(value.whole, of_whole);
      }
      case ValuePlan::Kind::concat:
        throw Unfused{FallbackReason::concat_is_read};
      case ValuePlan::Kind::step:
        break;
    }
    return step(value, starts);
  }

  Source lane(const ValuePlan& value, const Dims& starts) {
    const Tensor& tensor = value.meta;
    PlannedLane lane{value.index, 0, Dims(launch_.sizes.size(), 0)};
    const size_t lead = lane.strides.size() - tensor.rank();
    for (size_t d = 0; d < tensor.rank(); ++d) {
      if (tensor.size(d) != 1) lane.strides[lead + d] = tensor.stride(d);
      lane.offset += starts[d] * tensor.stride(d);
    }
    launch_.lanes.push_back(std::move(lane));
    launch_.program.lanes.push_back(tensor.dtype());
    return {Source::Kind::lane, static_cast<uint32_t>(launch_.lanes.size() - 1)};
  }

  Source number(const NodeCall& call, const NodeCall::NodeOperand& operand) {
    const ComputeType type = compute_type_of(call.common);
    if (size_of(type) > 8) throw Unfused{FallbackReason::no_source};
    alignas(8) std::byte element[8] = {};
    number_as(type, operand.number, element);
    if (operand.rounded) cpu::round_block(type, element, call.common, 1);
    launch_.numbers.insert(launch_.numbers.end(), element, element + 8);
    launch_.program.numbers.push_back(type);
    return {Source::Kind::number, static_cast<uint32_t>(launch_.program.numbers.size() - 1)};
  }

  // Where the elements of an operand begin, which broadcasts to the value.
  Dims starts_of(ir::ValueId operand, const Dims& starts) const {
    const Tensor& tensor = values_[static_cast<size_t>(operand)].meta;
    Dims made(tensor.rank(), 0);
    const size_t lead = starts.size() - tensor.rank();
    for (size_t d = 0; d < tensor.rank(); ++d)
      if (tensor.size(d) != 1) made[d] = starts[lead + d];
    return made;
  }

  Source step(const ValuePlan& value, const Dims& starts) {
    const NodeCall& call = calls_[value.index];
    Step step{call.kernel->functor, call.kernel->result, call.common, value.meta.dtype(), {}};
    for (const NodeCall::NodeOperand& operand : call.operands) {
      const bool is_number = operand.value < 0;
      const Source source =
          is_number ? number(call, operand) : of(operand.value, starts_of(operand.value, starts));
      step.operands.push_back({source, operand.rounded && !is_number});
    }
    launch_.program.steps.push_back(std::move(step));
    return {Source::Kind::step, static_cast<uint32_t>(launch_.program.steps.size() - 1)};
  }

  const std::vector<ValuePlan>& values_;
  const std::vector<NodeCall>& calls_;
  Launch& launch_;
  std::map<std::pair<ir::ValueId, std::vector<int64_t>>, Source> known_;
};

class Planner {
 public:
  Planner(const ir::Graph& group, std::span<const Tensor> inputs)
      : group_(group), values_(static_cast<size_t>(group.value_count)), calls_(group.nodes.size()) {
    for (size_t i = 0; i < inputs.size(); ++i) value(group.inputs[i]) = {.meta = inputs[i], .index = i};
  }

  GroupPlan plan() {
    for (size_t i = 0; i < group_.nodes.size(); ++i) add_node(i);
    for (const ir::Use& output : group_.outputs) plan_.outputs.push_back(result(output.value));
    add_pointwise_launches();
    for (const auto& [id, tensor] : allocated_)
      if (value(id).kind == ValuePlan::Kind::concat) add_concat_launches(id, tensor);
    for (Launch& launch : plan_.launches) settle(launch);
    return std::move(plan_);
  }

 private:
  ValuePlan& value(ir::ValueId id) { return values_[static_cast<size_t>(id)]; }

  void add_node(size_t index) {
    const ir::Node& node = group_.nodes[index];
    if (const FallbackReason why = why_not_fusable(node); why != FallbackReason::none) throw Unfused{why};
    switch (node.primitive) {
      case ir::Primitive::call:
        return add_call(index);
      case ir::Primitive::constant_chunk:
        return add_chunk(node);
      case ir::Primitive::fused_concat:
        return add_concat(index);
    }
  }

  void add_call(size_t index) {
    const ir::Node& node = group_.nodes[index];
    const ops::OperatorDeclaration& declaration = *ops::declared_form(node.op->name()).declaration;
    std::vector<Value> arguments;
    for (const ir::Operand& operand : node.operands)
      arguments.push_back(operand.kind == ir::Operand::Kind::use ? Value(value(operand.use.value).meta)
                                                                 : operand.constant);
    check_broadcast(arguments);
    const ops::CallArguments args(node.op->schema(), arguments);
    const ops::Plan plan = ops::planned(declaration, args);
    const ops::PointwiseCall call = declaration.elements(args);
    NodeCall& made = calls_[index];
    made = {call.kernel, call.common, {}};
    for (const PointwiseOperand& operand : call.operands) {
      NodeCall::NodeOperand& each = made.operands.emplace_back();
      each = {-1, operand.number, operand.rounded};
      if (operand.tensor) each.value = argument_of(node, args, *operand.tensor);
    }
    value(node.results[0]) = {.kind = ValuePlan::Kind::step, .meta = meta_of(plan[0]), .index = index};
  }

  // The value whose tensor it is: the first one, if a call has it twice.
  static ir::ValueId argument_of(const ir::Node& node, const ops::CallArguments& args, const Tensor& tensor) {
    for (size_t i = 0; i < node.operands.size(); ++i)
      if (args[i].is_tensor() && args.tensor(i).is_same(tensor)) return node.operands[i].use.value;
    throw Unfused{FallbackReason::not_pointwise};
  }

  void add_chunk(const ir::Node& node) {
    const ir::ValueId whole = node.operands[0].use.value;
    const Tensor& tensor = value(whole).meta;
    const std::optional<int64_t> size = ir::chunk_size(tensor.sizes(), node.dim, node.results.size());
    if (!size) throw Unfused{FallbackReason::not_divisible};
    const int64_t dim = node.dim < 0 ? node.dim + static_cast<int64_t>(tensor.rank()) : node.dim;
    Dims sizes = tensor.sizes().copy();
    sizes[static_cast<size_t>(dim)] = *size;
    for (size_t i = 0; i < node.results.size(); ++i)
      value(node.results[i]) = {
          .kind = ValuePlan::Kind::part,
          .meta = make_strided_tensor(tensor.dtype(), sizes, tensor.strides(), DeviceType::meta),
          .whole = whole,
          .dim = dim,
          .start = static_cast<int64_t>(i) * *size};
  }

  void add_concat(size_t index) {
    const ir::Node& node = group_.nodes[index];
    std::vector<Tensor> parts;
    for (const ir::Operand& operand : node.operands) parts.push_back(value(operand.use.value).meta);
    const ops::OperatorDeclaration& declaration = *ops::declared_form("aten::cat").declaration;
    const std::vector<Value> arguments{Value(std::move(parts)), Value(node.dim)};
    const ops::Plan plan = ops::planned(declaration, ops::CallArguments(cat_schema(), arguments));
    value(node.results[0]) = {.kind = ValuePlan::Kind::concat, .meta = meta_of(plan[0]), .index = index};
  }

  static const Schema& cat_schema() {
    static const Schema schema = parse_schema(ops::declared_form("aten::cat").declaration->functional);
    return schema;
  }

  // The place of a value among the results, which it gets if it has none.
  size_t result(ir::ValueId id) {
    if (const auto found = results_.find(id); found != results_.end()) return found->second;
    const ValuePlan& planned = value(id);
    PlannedResult made;
    if (planned.kind == ValuePlan::Kind::input) {
      made = {PlannedResult::Kind::input, planned.index};
    } else if (planned.kind == ValuePlan::Kind::part) {
      const int64_t size = planned.meta.size(static_cast<size_t>(planned.dim));
      made = {PlannedResult::Kind::part, result(planned.whole), planned.dim, planned.start,
              planned.start + size};
    } else {
      made = {PlannedResult::Kind::allocated, plan_.allocated.size()};
      allocated_.emplace_back(id, plan_.allocated.size());
      plan_.allocated.push_back(
          {planned.meta.dtype(), planned.meta.sizes().copy(), planned.meta.strides().copy()});
    }
    plan_.results.push_back(made);
    results_.emplace(id, plan_.results.size() - 1);
    return plan_.results.size() - 1;
  }

  // One launch for all results of one size.
  void add_pointwise_launches() {
    std::vector<bool> done(allocated_.size(), false);
    for (size_t i = 0; i < allocated_.size(); ++i) {
      if (done[i] || value(allocated_[i].first).kind != ValuePlan::Kind::step) continue;
      Launch launch{.sizes = value(allocated_[i].first).meta.sizes().copy()};
      Lowering lowering(values_, calls_, launch);
      for (size_t j = i; j < allocated_.size(); ++j) {
        const auto& [id, tensor] = allocated_[j];
        const ValuePlan& planned = value(id);
        if (planned.kind != ValuePlan::Kind::step || planned.meta.sizes() != IntSpan(launch.sizes)) continue;
        done[j] = true;
        const Source source = lowering.of(id, Dims(launch.sizes.size(), 0));
        launch.outputs.push_back({tensor, 0, planned.meta.strides().copy()});
        launch.program.outputs.push_back({source, planned.meta.dtype()});
      }
      plan_.launches.push_back(std::move(launch));
    }
  }

  // One launch for each part. Tensors of sizes [0] are skipped.
  void add_concat_launches(ir::ValueId id, size_t tensor) {
    const Tensor& whole = value(id).meta;
    const ir::Node& node = group_.nodes[value(id).index];
    const int64_t dim = node.dim < 0 ? node.dim + static_cast<int64_t>(whole.rank()) : node.dim;
    int64_t at = 0;
    for (const ir::Operand& operand : node.operands) {
      const Tensor& part = value(operand.use.value).meta;
      if (part.rank() == 1 && part.size(0) == 0) continue;
      Launch launch{.sizes = part.sizes().copy()};
      const Source source =
          Lowering(values_, calls_, launch).of(operand.use.value, Dims(launch.sizes.size(), 0));
      launch.outputs.push_back({tensor, at * whole.stride(static_cast<size_t>(dim)), whole.strides().copy()});
      launch.program.outputs.push_back({source, whole.dtype()});
      at += part.size(static_cast<size_t>(dim));
      plan_.launches.push_back(std::move(launch));
    }
  }

  // Joins dimensions, as the machine does.
  static void settle(Launch& launch) {
    std::vector<Lane> lanes;
    for (const std::vector<PlannedLane>* list : {&launch.outputs, &launch.lanes})
      for (const PlannedLane& each : *list) lanes.push_back({.strides = each.strides});
    simplify(launch.sizes, lanes);
    size_t next = 0;
    for (std::vector<PlannedLane>* list : {&launch.outputs, &launch.lanes})
      for (PlannedLane& each : *list) each.strides = lanes[next++].strides;
  }

  const ir::Graph& group_;
  std::vector<ValuePlan> values_;
  std::vector<NodeCall> calls_;
  GroupPlan plan_;
  std::map<ir::ValueId, size_t> results_;
  std::vector<std::pair<ir::ValueId, size_t>> allocated_;
};

}  // namespace

GroupPlan plan_group(const ir::Graph& group, std::span<const Tensor> inputs) {
  try {
    GroupPlan plan = Planner(group, inputs).plan();
    for (const Launch& launch : plan.launches)
      if (!why_not_compiled(launch.program).empty()) throw Unfused{FallbackReason::no_source};
    return plan;
  } catch (const Error&) {
    throw Unfused{FallbackReason::refused_arguments};
  }
}

}  // namespace engine::fuser
