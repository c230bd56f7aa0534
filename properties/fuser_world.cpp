#include "properties/fuser_world.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "engine/backends/copy.h"
#include "engine/core/float_formats.h"
#include "engine/ops/declaration.h"

namespace properties {

namespace {

using engine::DType;
using engine::TypeKind;

constexpr std::array drawn_dtypes{DType::f32, DType::f32, DType::f64, DType::f16, DType::bf16,
                                  DType::i32, DType::i64, DType::u8,  DType::i8,  DType::b8};

bool takes_tensors_and_numbers(const engine::Schema& schema) {
  return std::ranges::all_of(schema.arguments, [](const engine::Argument& argument) {
    return argument.type.kind == TypeKind::tensor || argument.type.kind == TypeKind::number ||
           argument.type.kind == TypeKind::integer;
  });
}

Tensor drawn_tensor(ChoiceSource& choices) {
  constexpr std::array numbers{0.0, -0.0, 1.0,  -1.0,  2.0,   0.5, -2.5,
                               3.0, 0.1,  7.25, -77.0, 100.7, 1e5, 1e-40};
  struct Shape {
    engine::Dims sizes, strides;
  };
  static const std::array<Shape, 7> shapes{{{{2, 3}, {3, 1}},
                                            {{2, 3}, {1, 2}},
                                            {{3}, {2}},
                                            {{2, 1}, {1, 1}},
                                            {{}, {}},
                                            {{1, 3}, {3, 1}},
                                            {{4, 2, 3}, {6, 3, 1}}}};
  const Shape& shape = choices.pick(shapes);
  std::vector<double> values(24);
  for (double& value : values) value = choices.chance(1, 20) ? NAN : choices.pick(numbers);
  return engine::ops::tensor_of(choices.pick(drawn_dtypes), {24}, values).view(shape.sizes, shape.strides, 0);
}

Value drawn_argument(ChoiceSource& choices, const engine::Argument& argument,
                     const std::vector<Tensor>& known) {
  if (argument.type.kind == TypeKind::tensor) return choices.pick(known);
  if (argument.type.kind == TypeKind::integer) return choices.between(-1, 1);
  constexpr std::array numbers{2.0, 0.5, -1.5, 0.1};
  if (choices.chance(1, 2)) return choices.between(-2, 3);
  return choices.pick(numbers);
}

Tensor copy_of(const Tensor& tensor) {
  const Tensor made = engine::make_strided_tensor(tensor.dtype(), tensor.sizes(), tensor.strides());
  engine::copy_elements(made, tensor);
  return made;
}

}  // namespace

FuserWorld::FuserWorld() {
  for (const engine::Operator& each : op.dispatcher().operators()) {
    const engine::ops::DeclaredForm form = engine::ops::declared_form(each.name());
    const engine::Schema& schema = each.schema();
    if (!form.declaration || !takes_tensors_and_numbers(schema) || schema.returns.size() != 1 ||
        schema.returns[0].type.kind != TypeKind::tensor)
      continue;
    const bool view = form.declaration->kind == engine::ops::OperatorKind::view;
    if (form.form == engine::ops::Form::functional && form.declaration->elements)
      pointwise.push_back(each);
    else if ((view && form.form == engine::ops::Form::functional) ||
             (form.form == engine::ops::Form::in_place && form.declaration->elements))
      others.push_back(each);
  }
}

engine::fuser::Fuser& FuserWorld::fuser() {
  if (!fuser_)
    fuser_ =
        std::make_unique<engine::fuser::Fuser>(op.dispatcher(), engine::fuser::FuserSettings{.steps = steps});
  return *fuser_;
}

Stack DrawnProgram::copies() const {
  Stack stack;
  for (const Tensor& input : inputs) stack.push_back(copy_of(input));
  return stack;
}

DrawnProgram drawn_program(FuserWorld& world, ChoiceSource& choices, size_t calls, bool with_others) {
  DrawnProgram made;
  std::vector<Tensor> known;
  for (uint64_t i = 0; i < 2 + choices.below(3); ++i) {
    known.push_back(drawn_tensor(choices));
    made.inputs.push_back(copy_of(known.back()));
  }
  engine::ir::Recorder recorder(known);
  for (size_t tries = 0; recorder.graph().nodes.size() < calls && tries < 4 * calls; ++tries) {
    const bool other = with_others && choices.chance(1, 2);
    const engine::Operator& op = choices.pick(other ? world.others : world.pointwise);
    Stack stack;
    for (const engine::Argument& argument : op.schema().arguments)
      stack.push_back(drawn_argument(choices, argument, known));
    try {
      recorder.call(op, stack);
    } catch (const engine::Error&) {
      continue;  // these arguments do not go together
    }
    const Tensor& result = stack.back().tensor();
    if (engine::is_complex(result.dtype()) || result.element_count() > 200) continue;
    known.push_back(result);
    if (known.size() > 12) known.erase(known.begin());
  }
  made.graph = recorder.graph();
  for (const engine::ir::Node& node : made.graph.nodes) made.graph.outputs.push_back({node.results[0], -1});
  return made;
}

engine::ir::Graph renumbered(const engine::ir::Graph& graph, ChoiceSource& choices) {
  std::vector<engine::ir::ValueId> numbers(static_cast<size_t>(graph.value_count));
  std::iota(numbers.begin(), numbers.end(), 0);
  for (size_t i = numbers.size(); i > 1; --i) std::swap(numbers[i - 1], numbers[choices.below(i)]);
  engine::ir::Graph made = graph;
  const auto number = [&](engine::ir::ValueId& value) { value = numbers[static_cast<size_t>(value)]; };
  for (engine::ir::ValueId& input : made.inputs) number(input);
  for (engine::ir::Use& output : made.outputs) number(output.value);
  for (engine::ir::Node& node : made.nodes) {
    for (engine::ir::Operand& operand : node.operands)
      if (operand.kind == engine::ir::Operand::Kind::use) number(operand.use.value);
    for (engine::ir::ValueId& result : node.results) number(result);
  }
  return made;
}

std::string content_of(const Tensor& tensor) {
  std::string text = fmt::format("{} [{}] [{}]:", engine::name_of(tensor.dtype()),
                                 fmt::join(tensor.sizes(), ", "), fmt::join(tensor.strides(), ", "));
  engine::for_each_position(tensor.sizes(), tensor.strides(), 0, [&](int64_t at) {
    engine::with_stored(tensor.dtype(), [&]<class Stored>() {
      if constexpr (!requires(Stored stored) { stored.re; }) {
        Stored stored;
        std::memcpy(&stored, tensor.data<Stored>() + at, sizeof stored);
        const double value = engine::double_from(stored);
        text += std::isnan(value) ? " nan" : fmt::format(" {}", value);
      }
    });
  });
  return text;
}

std::string content_of(const Stack& stack) {
  std::string text;
  for (const Value& value : stack)
    text += (value.is_tensor() ? content_of(value.tensor()) : "a value") + "\n";
  return text;
}

}  // namespace properties
