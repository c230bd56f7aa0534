// INV-53 to INV-58 of recording, over drawn programs of the engine. Each holds on the engine, and each
// objects to a dispatcher in which it is broken. What needs a hand-made program stands in engine/autograd.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstring>

#include "corpora/case/draw.h"
#include "corpora/case/text.h"
#include "engine/autograd/history.h"
#include "engine/dispatch/boxing.h"
#include "oracles/compare/comparator.h"
#include "oracles/subjects/engine/engine_subject.h"
#include "oracles/trial/effects.h"

namespace {

using corpora::Case;
using corpora::LayerKind;
using engine::DispatchKey;
using oracles::CallOutcome;
using oracles::EngineSubject;
using oracles::Outcome;
using oracles::TensorSnapshot;

const corpora::Path recorded{{LayerKind::grad}};

// One law of one program: the fault, or nothing.
using Law = std::string (*)(EngineSubject&, const Case&, const corpora::Image&);

std::string first_fault(EngineSubject& subject, Law law, const std::string& operators = "aten::*") {
  constexpr uint64_t rounds = 1500;
  const std::vector<size_t> drawable = corpora::select(subject.catalog(), {operators});
  for (uint64_t round = 0; round < rounds; ++round) {
    corpora::PhiloxChoices choices(1, 53, round);
    const corpora::Operator& op = subject.catalog().operators()[drawable[round % drawable.size()]];
    const Case c = corpora::draw(subject.catalog(), op, subject.domains(), choices);
    if (!c.program.empty() || !subject.refuses(c, recorded).empty()) continue;
    if (std::string fault = law(subject, c, corpora::image_of(c)); !fault.empty())
      return fault + "\n" + corpora::to_text(c);
  }
  return {};
}

bool differentiable(engine::DType dtype) { return engine::autograd::differentiable(dtype); }
// What is refused when something requires grad.
bool is_refused(const EngineSubject& subject, const Case& c) {
  for (const corpora::Call& call : c.calls) {
    if (call.op == "aten::resize_") return true;
    for (const engine::Argument& argument : subject.catalog().find(call.op)->schema.arguments)
      if (argument.is_out()) return true;
  }
  return false;
}

std::string changes_nothing(EngineSubject& subject, const Case& c, const corpora::Image& image) {
  if (is_refused(subject, c)) return {};
  oracles::Comparison rules;
  rules.bits = rules.version = true;
  rules.first_fresh_storage = static_cast<int32_t>(c.storages.size());
  const auto compared = oracles::compare(subject.run(c, image, {}), subject.run(c, image, recorded), rules);
  if (!compared.divergence) return {};
  // What fresh memory holds is nobody's promise.
  if (oracles::compare(subject.run(c, image, {}), subject.run(c, image, {{LayerKind::pattern}}), rules)
          .divergence)
    return {};
  return fmt::format("{} differs", name_of(compared.divergence->kind));
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

std::string results_require_grad(EngineSubject& subject, const Case& c, const corpora::Image& image) {
  const Outcome outcome = subject.run(c, image, recorded);
  for (size_t i = 0; i < outcome.calls.size(); ++i) {
    if (outcome.calls[i].status != oracles::Status::returned) break;
    if (subject.facts(c.calls[i].op)->derivative != "formula") continue;
    bool any = false;
    for (const corpora::Value& argument : c.calls[i].arguments)
      corpora::for_each_tensor(
          argument, [&](const corpora::TensorRef& ref) { any = any || required(c, outcome, ref); });
    for (const TensorSnapshot* result : oracles::tensor_results(outcome.calls[i]))
      if (any && differentiable(result->dtype) && !result->requires_grad)
        return "a result of " + c.calls[i].op + " requires no grad";
  }
  return {};
}

std::string nothing_is_recorded(EngineSubject& subject, const Case& c, const corpora::Image& image) {
  for (const CallOutcome& call : subject.run(c, image, {}).calls)
    for (const TensorSnapshot* result : oracles::tensor_results(call))
      if (result->requires_grad) return "a result of a direct run requires grad";
  return {};
}

// Puts a kernel of neg at the Autograd keys that ends with `spoil`.
using Spoil = void (*)(const engine::Tensor& argument, const engine::Tensor& result);
engine::Registration spoiled_neg(engine::Dispatcher& dispatcher, Spoil spoil) {
  const engine::Kernel right =
      *dispatcher.own_kernel(dispatcher.op("aten::neg").entry(), DispatchKey::Autograd);
  return dispatcher.implement(
      "aten::neg", DispatchKey::Autograd,
      engine::boxed_kernel_of([right, spoil](const engine::Call& call, engine::Stack& stack) {
        const engine::Tensor argument = stack.back().tensor();
        right.boxed(engine::Call{call.entry, call.keys, right}, stack);
        spoil(argument, stack.back().tensor());
      }));
}

TEST(AutogradLaws, INV_53_RecordingChangesNoValueErrorOrVersion) {
  EngineSubject sound({});
  EXPECT_EQ(first_fault(sound, changes_nothing), "");
  const auto bumped =
      spoiled_neg(sound.dispatcher(), [](const engine::Tensor& argument, const engine::Tensor& result) {
        if (argument.requires_grad() && result.element_count() > 0)
          std::memset(result.data(), 0x11, engine::size_of(result.dtype()));
      });
  EXPECT_NE(first_fault(sound, changes_nothing, "aten::neg"), "");
}

TEST(AutogradLaws, INV_54_DifferentiableResultsRequireGrad) {
  EngineSubject sound({});
  EXPECT_EQ(first_fault(sound, results_require_grad), "");
  const auto lost = spoiled_neg(sound.dispatcher(), [](const engine::Tensor&, const engine::Tensor& result) {
    result.set_requires_grad(false);
  });
  EXPECT_NE(first_fault(sound, results_require_grad, "aten::neg"), "");
}

TEST(AutogradLaws, INV_55_NothingIsRecordedOfTensorsThatRequireNoGrad) {
  EngineSubject sound({});
  EXPECT_EQ(first_fault(sound, nothing_is_recorded), "");
  const auto marked = spoiled_neg(
      sound.dispatcher(),
      [](const engine::Tensor&, const engine::Tensor& result) { result.set_requires_grad(true); });
  EXPECT_NE(first_fault(sound, nothing_is_recorded, "aten::neg"), "");
}

}  // namespace
