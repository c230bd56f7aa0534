// Relations use the declared accuracy of an operator: two results may differ by twice of it.
#include <gtest/gtest.h>

#include <algorithm>

#include "engine/ops/declaration.h"
#include "oracles/make_subject.h"
#include "oracles/oracle_checks.h"
#include "oracles/trial/scripted_subject.h"

namespace oracles {
namespace {

// Returns 1 for a contiguous tensor, and so many units in the last place more for others.
template <int units>
void one_or_more(const engine::Call&, engine::Stack& stack) {
  const engine::Tensor self = stack.last(1)[0].tensor();
  const engine::Tensor made = engine::make_tensor(engine::DType::f32, self.sizes());
  const float value = self.is_contiguous() ? 1.0F : 1.0F + units * 0x1p-23F;
  std::fill_n(made.data<float>(), made.element_count(), value);
  stack.drop(1);
  stack.push_back(engine::Value(made));
}

engine::ops::OperatorDeclaration declared(std::string schema, engine::BoxedFunction kernel) {
  return {.kind = engine::ops::OperatorKind::boxed,
          .functional = std::move(schema),
          .kernel = kernel,
          .accuracy = engine::accuracy::elementary(10, "ten units")};
}

const engine::ops::Family family{{
    declared("test::near(Tensor self) -> Tensor", one_or_more<18>),
    declared("test::far(Tensor self) -> Tensor", one_or_more<22>),
}};

Verdict layout_of(const std::string& op) {
  corpora::Case c = case_of(op, 1, 6);
  c.inputs[0] = {0, {2, 3}, {1, 2}, 0};
  const auto subject = make_subject("engine", {});
  Trial trial(*subject, c);
  return check_layout(trial);
}

TEST(DeclaredAccuracy, NineTenthsOfTheBoundAgree) {
  const Verdict verdict = layout_of("test::near");
  EXPECT_EQ(verdict.judgement, Judgement::agree);
  EXPECT_DOUBLE_EQ(verdict.worst_share, 0.9);
}

TEST(DeclaredAccuracy, ElevenTenthsOfTheBoundDiffer) {
  const Verdict verdict = layout_of("test::far");
  EXPECT_EQ(verdict.judgement, Judgement::differ);
  EXPECT_EQ(verdict.divergence.tier, Tier::t2);
  EXPECT_EQ(verdict.divergence.bound, 20 * 0x1p-23);
  EXPECT_EQ(verdict.divergence.bound_reason, "ten units");
}

TEST(DeclaredAccuracy, AccuracyOfTheOperatorDecides) {
  ScriptedSubject subject({"mine::f(Tensor self) -> Tensor"},
                          by_layer(corpora::LayerKind::contiguous, outcome_of(1), outcome_of(1 + 0x1p-23F)));
  corpora::Case c = case_of("mine::f", 1, 6);
  c.inputs[0] = {0, {2, 3}, {1, 2}, 0};
  for (const auto& [accuracy, judgement] : {std::pair(engine::accuracy::exact, Judgement::differ),
                                            std::pair(engine::accuracy::rounded, Judgement::agree)}) {
    subject.accuracies["mine::f"] = accuracy;
    Trial trial(subject, c);
    EXPECT_EQ(check_layout(trial).judgement, judgement);
  }
}

// Two results of f64, which differ by a quarter of a unit of f32.
TEST(DeclaredAccuracy, FormatThatDoublesAreComputedInDecides) {
  const auto one_and = [](double more) {
    TensorSnapshot t = f32_tensor({2, 3}, {1, 1, 1, 1, 1, 1}, 1);
    t.dtype = engine::DType::f64;
    t.values = bytes_of(std::vector<double>(6, 1 + more));
    return outcome_of({returning({t})});
  };
  ScriptedSubject subject({"mine::f(Tensor self) -> Tensor"},
                          by_layer(corpora::LayerKind::contiguous, one_and(0), one_and(0x1p-25)));
  corpora::Case c = case_of("mine::f", 1, 6);
  c.storages[0].dtype = engine::DType::f64;
  c.inputs[0] = {0, {2, 3}, {1, 2}, 0};
  Accuracy accuracy = engine::accuracy::elementary(1, "one unit");
  for (const auto& [format, judgement] : {std::pair(std::optional<engine::DType>(), Judgement::differ),
                                          std::pair(std::optional(engine::DType::f32), Judgement::agree)}) {
    accuracy.computed_in = format;
    subject.accuracies["mine::f"] = accuracy;
    Trial trial(subject, c);
    EXPECT_EQ(check_layout(trial).judgement, judgement);
  }
}

}  // namespace
}  // namespace oracles
