// Laws of recording, over drawn programs. engine/autograd/autograd_test.cpp has the laws that need one
// particular program.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "corpora/case/draw.h"
#include "engine/autograd/history.h"
#include "oracles/trial/effects.h"
#include "properties/over_fallback.h"

namespace properties {

namespace {

using corpora::LayerKind;
using engine::autograd::differentiable;
using oracles::Outcome;
using oracles::TensorSnapshot;

const corpora::Path recorded{{LayerKind::grad}};

Case draw_calls(EngineWorld& world, ChoiceSource& choices) {
  const std::vector<size_t> drawable = corpora::select(world.catalog(), {"aten::*"});
  const corpora::Operator& op = world.catalog().operators()[choices.pick(drawable)];
  return corpora::draw(world.catalog(), op, world.subject().domains(), choices);
}

// Recording refuses calls that resize, and calls that write an out tensor that requires grad.
bool is_refused(const EngineWorld& world, const Case& c) {
  return std::ranges::any_of(c.calls, [&](const corpora::Call& call) {
    const engine::Schema& schema = world.catalog().find(call.op)->schema;
    return call.op == "aten::resize_" || std::ranges::any_of(schema.arguments, &engine::Argument::is_out);
  });
}

Tried recording_changes_nothing(EngineWorld& world, const Case& c, ChoiceSource&) {
  if (is_refused(world, c)) return not_tried("recording refuses the program");
  oracles::Comparison rules;
  rules.bits = rules.version = true;
  const Tried compared = world.agree(c, {}, recorded, rules);
  if (compared.answer != Tried::Answer::broken) return compared;
  // The contents of fresh memory are unspecified.
  const Tried memory = world.agree(c, {}, {{LayerKind::pattern}}, rules);
  return memory.answer == Tried::Answer::broken ? not_tried("results depend on fresh memory") : compared;
}

// Whether the tensor that an argument refers to required grad when the call was made.
bool required(const Case& c, const Outcome& outcome, const corpora::TensorRef& ref) {
  if (ref.is_input()) {
    const auto& input = c.inputs[static_cast<size_t>(ref.index)];
    return differentiable(c.storages[static_cast<size_t>(input.storage)].dtype);
  }
  const TensorSnapshot* tensor =
      oracles::tensor_result(outcome.calls[static_cast<size_t>(ref.call)], ref.index);
  return tensor && tensor->requires_grad;
}

Tried differentiable_results_require_grad(EngineWorld& world, const Case& c, ChoiceSource&) {
  const auto outcome = world.run(c, recorded);
  if (!outcome) return not_tried("the path is refused");
  Tried all = not_tried("no call with a derivative returns");
  for (size_t i = 0; i < outcome->calls.size(); ++i) {
    if (outcome->calls[i].status != oracles::Status::returned) break;
    if (world.subject().facts(c.calls[i].op)->derivative != "formula") continue;
    bool any = false;
    for (const corpora::Value& argument : c.calls[i].arguments)
      corpora::for_each_tensor(
          argument, [&](const corpora::TensorRef& ref) { any = any || required(c, *outcome, ref); });
    for (const TensorSnapshot* result : oracles::tensor_results(outcome->calls[i])) {
      if (!any || !differentiable(result->dtype)) continue;
      if (!result->requires_grad)
        return broken("a result of " + c.calls[i].op + " requires no grad", recorded);
      all = held();
    }
  }
  return all;
}

Tried nothing_is_recorded(EngineWorld& world, const Case& c, ChoiceSource&) {
  const auto outcome = world.run(c, {});
  if (!outcome) return not_tried("the path is refused");
  Tried all = not_tried("no call returns a tensor");
  for (const oracles::CallOutcome& call : outcome->calls)
    for (const TensorSnapshot* result : oracles::tensor_results(call)) {
      if (result->requires_grad) return broken("a result of a direct run requires grad");
      all = held();
    }
  return all;
}

// --- mistakes: a kernel of neg at the Autograd keys that ends with `spoil`

using Spoil = void (*)(const Tensor& argument, const Tensor& result);
template <Spoil spoil>
NamedWorld<EngineWorld> spoiled_neg(std::string_view mistake) {
  return wrong_at<DispatchKey::Autograd>(
      mistake,
      [](const Kernel& right, const Call& call, Stack& stack) {
        const Tensor argument = stack.back().tensor();
        call_kernel(right, call, stack);
        spoil(argument, stack.back().tensor());
      },
      named("aten::neg"));
}

void writes_the_result(const Tensor& argument, const Tensor& result) {
  if (argument.requires_grad() && result.element_count() > 0)
    std::memset(result.data(), 0x11, engine::size_of(result.dtype()));
}

using Row = Law<EngineWorld>;
const DeclaredLaws<EngineWorld> laws_of_autograd{
    {
        Row(53, "RecordingChangesNoValueErrorOrVersion",
            "Recording a program changes no value, error or version in it.", 0.35,
            {draw_calls, recording_changes_nothing},
            {spoiled_neg<writes_the_result>("recording neg changes an element of its result")}),
        Row(54, "DifferentiableResultsRequireGrad",
            "A result that can be differentiated requires grad when an argument does.", 0.2,
            {draw_calls, differentiable_results_require_grad},
            {spoiled_neg<[](const auto&, const auto& result) { result.set_requires_grad(false); }>(
                "the result of neg requires no grad")}),
        Row(55, "NothingIsRecordedWithoutGrad", "No result requires grad when no argument does.", 0.45,
            {draw_calls, nothing_is_recorded},
            {spoiled_neg<[](const auto&, const auto& result) { result.set_requires_grad(true); }>(
                "the result of neg always requires grad")}),
    },
    {sound_engine()}};

}  // namespace
}  // namespace properties
