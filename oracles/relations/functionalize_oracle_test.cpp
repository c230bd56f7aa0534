#include <gtest/gtest.h>

#include "oracles/oracle_checks.h"
#include "oracles/trial/scripted_subject.h"

namespace oracles {
namespace {

using corpora::LayerKind;

constexpr std::string_view op = "mine::op(Tensor a) -> Tensor";

Verdict judged(const Outcome& functionalised, const Outcome& direct) {
  return run_check(check_functionalize, op, by_layer(LayerKind::functional, functionalised, direct));
}

TEST(FunctionalizeOracle, EqualResultsAgree) {
  const Verdict verdict = judged(outcome_of(1), outcome_of(1));
  EXPECT_EQ(verdict.judgement, Judgement::agree);
  ASSERT_EQ(verdict.right.size(), 1u);
  EXPECT_EQ(verdict.right.front().kind, LayerKind::functional);
}

TEST(FunctionalizeOracle, DifferentValueIsADivergence) {
  EXPECT_EQ(judged(outcome_of(2), outcome_of(1)).judgement, Judgement::differ);
}

TEST(FunctionalizeOracle, LostWriteIsADivergence) {
  Outcome writes = outcome_of(1);
  writes.calls.front().changes.push_back(
      {.input = 0, .values_changed = true, .version_delta = 1, .after = {}});
  writes.calls.front().changes.front().after = f32_tensor({3}, {7, 8, 9}, 0);
  const Verdict verdict = judged(outcome_of(1), writes);
  EXPECT_EQ(verdict.judgement, Judgement::differ);
  EXPECT_EQ(verdict.divergence.kind, Kind::mutation);
}

TEST(FunctionalizeOracle, ErrorOfOneSideIsADivergence) {
  EXPECT_EQ(judged(outcome_of({raising("no")}), outcome_of(1)).judgement, Judgement::differ);
}

TEST(FunctionalizeOracle, WrittenInputThatOverlapsItselfIsRefused) {
  constexpr std::string_view fill = "mine::fill_(Tensor(a!) a) -> ()";
  corpora::Case c = case_of(fill, 1, 6);
  c.inputs[0] = {0, {2, 3}, {3, 1}, 0};
  const auto run = by_layer(LayerKind::functional, outcome_of(2), outcome_of(1));
  EXPECT_EQ(run_check(check_functionalize, c, {fill}, run).judgement, Judgement::differ);
  c.inputs[0].strides = {1, 1};
  EXPECT_EQ(run_check(check_functionalize, c, {fill}, run).judgement, Judgement::refused);
}

TEST(FunctionalizeOracle, SparseResultIsRefused) {
  Outcome sparse = outcome_of(1);
  sparse.calls.front().results.front().tensor.opaque = true;
  EXPECT_EQ(judged(outcome_of({raising("no strides")}), sparse).judgement, Judgement::refused);
}

TEST(FunctionalizeOracle, CallWithoutTensorsIsRefused) {
  corpora::Case c = case_of("mine::make() -> Tensor", 0);
  EXPECT_EQ(run_check(check_functionalize, c, {"mine::make() -> Tensor"}, always(outcome_of(1))).judgement,
            Judgement::refused);
}

}  // namespace
}  // namespace oracles
