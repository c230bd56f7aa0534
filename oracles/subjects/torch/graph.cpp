#include "oracles/subjects/torch/graph.h"

#include <ATen/core/ivalue.h>
// The value type comes first: some compilers want it complete in the headers below.
#include <torch/csrc/jit/ir/constants.h>
#include <torch/csrc/jit/ir/ir.h>
#include <torch/csrc/jit/passes/tensorexpr_fuser.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/csrc/jit/runtime/interpreter.h>
#include <torch/csrc/jit/runtime/operator.h>
#include <torch/csrc/jit/tensorexpr/kernel.h>

#include <algorithm>

#include "oracles/subjects/torch/arguments.h"
#include "oracles/subjects/torch/inputs.h"

namespace torch::jit {
// Not in the headers of all packages of libtorch.
TORCH_API void overrideCanFuseOnCPU(bool value);
}  // namespace torch::jit

namespace oracles::aten {

namespace {

namespace jit = torch::jit;
using corpora::ValueKind;

// Settings of the process, which only TorchScript reads.
void settle_executor() {
  static const bool once = [] {
    jit::getProfilingMode() = true;
    jit::getExecutorMode() = true;
    jit::getNumProfiledRuns() = 1;
    jit::setTensorExprFuserEnabled(true);
    jit::overrideCanFuseOnCPU(true);
    jit::tensorexpr::getTEMustUseLLVMOnCPU() = false;
    FLAGS_torch_jit_enable_rethrow_caught_exception = true;
    return true;
  }();
  static_cast<void>(once);
}

bool refers_to_tensors(const corpora::Value& value) {
  bool found = false;
  corpora::for_each_tensor(value, [&](const corpora::TensorRef&) { found = true; });
  return found;
}

bool is_group(const jit::Node& node) {
  return node.kind() == jit::prim::TensorExprGroup || node.kind() == jit::prim::TensorExprDynamicGroup;
}

bool has_group(const jit::Block& block) {
  return std::ranges::any_of(block.nodes(), [](const jit::Node* node) {
    return is_group(*node) ||
           std::ranges::any_of(node->blocks(), [](const jit::Block* inner) { return has_group(*inner); });
  });
}

// Each group is one branch of a condition, and its fallback the other. True if there is one.
bool take_fallbacks(jit::Graph& graph, jit::Block& block) {
  bool taken = false;
  for (jit::Node* node : block.nodes()) {
    for (jit::Block* inner : node->blocks()) taken |= take_fallbacks(graph, *inner);
    if (node->kind() != jit::prim::If || !has_group(*node->blocks()[0])) continue;
    const jit::WithInsertPoint before(node);
    node->replaceInput(0, graph.insertConstant(false));
    taken = true;
  }
  return taken;
}

}  // namespace

struct ProgramGraph::Parts {
  std::shared_ptr<jit::Graph> graph = std::make_shared<jit::Graph>();
  std::vector<jit::Value*> inputs;
  std::vector<std::vector<jit::Value*>> results;  // of each call
  std::vector<size_t> outputs;                    // of each call: how many of its results are outputs
  bool merges_single_operators = false;           // into what surrounds them
  torch::jit::Stack others;                       // graph inputs after those of the case
  std::unique_ptr<jit::GraphExecutor> executor;

  jit::Value* other_input(c10::IValue value) {
    jit::Value* made = graph->addInput();
    made->setType(value.isTensor() ? c10::TensorType::get() : value.type());
    others.push_back(std::move(value));
    return made;
  }

  // A call that returns one list: its elements; otherwise its tensors by place.
  jit::Value* tensor(const corpora::TensorRef& ref) {
    const auto index = static_cast<size_t>(ref.index);
    if (ref.is_input()) return inputs.at(index);
    std::vector<jit::Value*>& values = results.at(static_cast<size_t>(ref.call));
    if (values.size() == 1 && values[0]->type()->kind() == c10::TypeKind::ListType)
      return graph->insert(jit::aten::__getitem__, {values[0], static_cast<int64_t>(index)});
    size_t tensors = 0;
    for (jit::Value* value : values) {
      if (value->type()->kind() == c10::TypeKind::ListType) break;
      if (value->type()->kind() == c10::TypeKind::TensorType && tensors++ == index) return value;
    }
    throw Unsupported{"the place of a result depends on the length of a list"};
  }

  jit::Value* constant(c10::IValue value) {
    if (value.isTensor()) return other_input(std::move(value));
    if (const auto made = jit::tryInsertConstant(*graph, value)) return *made;
    return other_input(std::move(value));
  }

  jit::Value* argument(const corpora::Value& value, const engine::Type& type,
                       const c10::TypePtr& torch_type) {
    static const TorchFitting plain{
        [](const corpora::TensorRef&) -> at::Tensor { throw Unsupported{"a storage or a list of lists"}; },
        c10::Device(c10::DeviceType::CPU)};
    const bool is_optional = type.kind == engine::TypeKind::optional;
    if (is_optional && value.kind != ValueKind::none)
      return argument(value, type.element(), torch_type->containedTypes().at(0));
    if (!refers_to_tensors(value)) return constant(fitted(value, type, torch_type, plain));
    if (value.kind == ValueKind::tensor && type.kind != engine::TypeKind::storage)
      return tensor(value.tensor);
    if (value.kind != ValueKind::list || type.kind != engine::TypeKind::list)
      throw Unsupported{"a storage or a list of lists"};
    const c10::TypePtr& element = torch_type->containedTypes().at(0);
    std::vector<jit::Value*> elements;
    for (const corpora::Value& each : value.list) elements.push_back(argument(each, type.element(), element));
    return graph->insertNode(graph->createList(element, elements))->output();
  }

  void call(const corpora::Call& call, const BoundOperator& op) {
    const c10::FunctionSchema& schema = op.handle.schema();
    std::vector<jit::Value*> arguments;
    for (size_t i = 0; i < call.arguments.size(); ++i)
      arguments.push_back(argument(call.arguments[i], op.declared->schema.arguments[i].type,
                                   schema.arguments()[i].real_type()));
    jit::Node* node = graph->create(c10::Symbol::fromQualString(schema.name()), arguments, 0);
    for (const c10::Argument& returned : schema.returns()) node->addOutput()->setType(returned.type());
    graph->insertNode(node);
    const jit::Operator* found = node->maybeOperator();
    if (!found || found->schema().overload_name() != schema.overload_name())
      throw Unsupported{"TorchScript resolves the call to another overload"};
    results.emplace_back(node->outputs().begin(), node->outputs().end());
  }

  torch::jit::Stack stack(const Inputs& live) const {
    torch::jit::Stack made;
    for (const Inputs::Input& input : live.inputs) made.emplace_back(input.passed);
    made.insert(made.end(), others.begin(), others.end());
    return made;
  }
};

ProgramGraph::ProgramGraph(const Operators& operators, const corpora::Case& c, size_t calls,
                           int smallest_group)
    : parts_(std::make_unique<Parts>()) {
  settle_executor();
  for (size_t i = 0; i < c.inputs.size(); ++i) parts_->inputs.push_back(parts_->graph->addInput());
  for (size_t i = 0; i < calls; ++i) parts_->call(c.calls[i], *operators.find(c.calls[i].op));
  for (size_t i = 0; i < calls; ++i) {
    const std::vector<jit::Value*>& values = parts_->results[i];
    parts_->outputs.push_back(is_observable(c.calls[i]) ? values.size() : 0);
    for (size_t v = 0; v < parts_->outputs.back(); ++v) parts_->graph->registerOutput(values[v]);
  }
  parts_->merges_single_operators = smallest_group > 1;
  parts_->executor =
      std::make_unique<jit::GraphExecutor>(parts_->graph, "program", jit::ExecutorExecutionMode::PROFILING);
}

ProgramGraph::~ProgramGraph() = default;

void ProgramGraph::profile(const Inputs& inputs) {
  torch::jit::Stack stack = parts_->stack(inputs);
  parts_->executor->run(stack);
}

std::vector<torch::jit::Stack> ProgramGraph::run(const Inputs& inputs, Execution execution, Reach& reach) {
  torch::jit::Stack stack = parts_->stack(inputs);
  jit::debugSetFusionGroupInlining(parts_->merges_single_operators);
  const jit::ExecutionPlan& plan = parts_->executor->getPlanFor(stack);
  if (execution == Execution::fused) {
    if (has_group(*plan.graph->block())) reach = Reach::own;
    jit::InterpreterState(plan.code).run(stack);
  } else {
    const std::shared_ptr<jit::Graph> graph = plan.graph->copy();
    if (take_fallbacks(*graph, *graph->block())) reach = Reach::fallback;
    jit::InterpreterState(jit::Code(graph, "program")).run(stack);
  }
  std::vector<torch::jit::Stack> returned;
  auto next = stack.begin();
  for (const size_t count : parts_->outputs) {
    const auto end = next + static_cast<std::ptrdiff_t>(count);
    returned.emplace_back(std::make_move_iterator(next), std::make_move_iterator(end));
    next = end;
  }
  return returned;
}

}  // namespace oracles::aten
