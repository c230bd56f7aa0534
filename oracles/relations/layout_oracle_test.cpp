#include <gtest/gtest.h>

#include "oracles/oracle_checks.h"
#include "oracles/trial/scripted_subject.h"

namespace oracles {
namespace {

using corpora::LayerKind;

constexpr std::string_view clone = "aten::clone(Tensor self) -> Tensor";
constexpr std::string_view in_place = "aten::add_(Tensor(a!) a, Tensor b) -> Tensor(a!)";

corpora::Case transposed(std::string_view op, int inputs = 1) {
  corpora::Case c = case_of(op, inputs, 6);
  c.inputs[0] = {0, {2, 3}, {1, 2}, 0};
  return c;
}

const auto differs_if_contiguous = by_layer(LayerKind::contiguous, outcome_of(1), outcome_of(2));

Verdict checked(const corpora::Case& c, std::string_view schema,
                const ScriptedSubject::Script& run = differs_if_contiguous) {
  return run_check(check_layout, c, {schema}, run);
}

TEST(LayoutOracle, CaseIsComparedWithContiguousCopies) {
  const Verdict verdict = checked(transposed(clone), clone);
  EXPECT_EQ(verdict.judgement, Judgement::differ);
  EXPECT_EQ(verdict.divergence.kind, Kind::value);
  EXPECT_EQ(corpora::to_string(verdict.left), "contiguous");
  EXPECT_EQ(corpora::to_string(verdict.right), "direct");
}

TEST(LayoutOracle, StridesAndAliasingAreNotCompared) {
  constexpr std::string_view reshape = "aten::reshape(Tensor(a) self) -> Tensor(a)";
  const TensorSnapshot copy = f32_tensor({2, 3}, {1, 2, 3, 4, 5, 6}, 5);
  TensorSnapshot view = copy;
  view.storage = 0;
  view.strides = {1, 2};
  const auto run = by_layer(LayerKind::contiguous, outcome_of(view), outcome_of(copy));
  EXPECT_EQ(checked(transposed(reshape), reshape, run).judgement, Judgement::agree);
}

TEST(LayoutOracle, ContiguousInputsAndOperatorsAboutStridesAreRefused) {
  constexpr std::string_view as_strided = "aten::as_strided(Tensor self) -> Tensor";
  EXPECT_EQ(checked(case_of(clone, 1), clone).judgement, Judgement::refused);
  EXPECT_EQ(checked(transposed(as_strided), as_strided).judgement, Judgement::refused);
}

TEST(LayoutOracle, WrittenViewsThatShareMemoryAreRefused) {
  corpora::Case siblings = transposed(in_place, 2);
  siblings.inputs[1].storage = 0;
  EXPECT_EQ(checked(siblings, in_place).judgement, Judgement::refused);
  corpora::Case overlapping = transposed(in_place, 2);
  overlapping.inputs[0].strides = {1, 0};
  EXPECT_EQ(checked(overlapping, in_place).judgement, Judgement::refused);
  EXPECT_EQ(checked(transposed(in_place, 2), in_place).judgement, Judgement::differ);
}

// An operator that raises for non-contiguous inputs: for all data, or only if the last element is above 1.
Judgement rejecting_strides(const CallOutcome& error, bool all_data) {
  constexpr std::string_view schema = "aten::op(Tensor self) -> Tensor";
  return checked(transposed(schema), schema,
                 [=](auto&, const corpora::Image& image, const corpora::Path& path) {
                   float last = 0;
                   std::memcpy(&last, image.storages[0].data() + 5 * sizeof last, sizeof last);
                   const bool raises = !has_layer(path, LayerKind::contiguous) && (all_data || last > 1);
                   return raises ? outcome_of({error}) : outcome_of(1);
                 })
      .judgement;
}

TEST(LayoutOracle, ErrorForAllDataIsIncomparable) {
  for (const char* message : {"expected a contiguous tensor", "index out of range", "unsupported"}) {
    EXPECT_EQ(rejecting_strides(raising(message), true), Judgement::incomparable) << message;
    EXPECT_EQ(rejecting_strides(raising(message), false), Judgement::differ) << message;
  }
}

TEST(LayoutOracle, ClassAndCauseOfAnErrorTakePrecedence) {
  CallOutcome error = raising("unsupported");
  error.error_class = "IndexError";
  EXPECT_EQ(rejecting_strides(error, true), Judgement::differ);
  error.error_class = "InternalAssert";
  EXPECT_EQ(rejecting_strides(error, true), Judgement::differ);
  error.cause = ErrorCause::layout;
  EXPECT_EQ(rejecting_strides(error, false), Judgement::incomparable);
}

}  // namespace
}  // namespace oracles
