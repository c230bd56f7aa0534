#include <gtest/gtest.h>

#include "oracles/oracle_checks.h"
#include "oracles/trial/scripted_subject.h"

namespace oracles {
namespace {

using corpora::LayerKind;

constexpr std::string_view op = "mine::op(Tensor a) -> Tensor";

Judgement judged(const Outcome& batched, const Outcome& direct) {
  return run_check(check_batched, op, by_layer(LayerKind::batching, batched, direct)).judgement;
}

TEST(BatchedOracle, EqualResultsAgree) { EXPECT_EQ(judged(outcome_of(1), outcome_of(1)), Judgement::agree); }

TEST(BatchedOracle, DifferentValueIsADivergence) {
  EXPECT_EQ(judged(outcome_of(2), outcome_of(1)), Judgement::differ);
}

TEST(BatchedOracle, DifferentSizesAreADivergence) {
  EXPECT_EQ(judged(outcome_of(f32_tensor({1, 1}, {1})), outcome_of(1)), Judgement::differ);
}

TEST(BatchedOracle, ErrorOfOneSideIsADivergence) {
  EXPECT_EQ(judged(outcome_of({raising("no")}), outcome_of(1)), Judgement::differ);
  EXPECT_EQ(judged(outcome_of(1), outcome_of({raising("no")})), Judgement::differ);
}

TEST(BatchedOracle, ErrorThatAnotherExampleRaisesIsIncomparable) {
  const corpora::Case c = case_of(op, 1);
  const auto run = [&](const corpora::Case& program, auto&, const corpora::Path& path) {
    const bool raises = has_layer(path, LayerKind::batching) || !(program == c);
    return raises ? outcome_of({raising("no")}) : outcome_of(1);
  };
  EXPECT_EQ(run_check(check_batched, c, {op}, run).judgement, Judgement::incomparable);
}

TEST(BatchedOracle, ResultThatDependsOnTheMemoryOfABatchIsIncomparable) {
  const corpora::Case c = case_of(op, 1);
  const auto judgement = [&](float in_batch) {
    const auto run = [&, in_batch](const corpora::Case& program, auto&, const corpora::Path& path) {
      const bool views = program.storages[0].elements > c.storages[0].elements;
      return outcome_of(has_layer(path, LayerKind::batching) ? 2.0f : views ? in_batch : 1.0f);
    };
    return run_check(check_batched, c, {op}, run).judgement;
  };
  EXPECT_EQ(judgement(1), Judgement::differ);
  EXPECT_EQ(judgement(2), Judgement::incomparable);
}

TEST(BatchedOracle, KernelThatDependsOnTheLayoutOfTheCaseIsIncomparable) {
  corpora::Case c = case_of(op, 1, 6);
  c.inputs[0] = {0, {3}, {2}, 0};
  const auto judgement = [&](float contiguous) {
    const auto run = [&, contiguous](auto&, auto&, const corpora::Path& path) {
      if (has_layer(path, LayerKind::contiguous)) return outcome_of(contiguous);
      return outcome_of(has_layer(path, LayerKind::batching) ? 2.0f : 1.0f);
    };
    return run_check(check_batched, c, {op}, run).judgement;
  };
  EXPECT_EQ(judgement(1), Judgement::differ);
  EXPECT_EQ(judgement(2), Judgement::incomparable);
}

TEST(BatchedOracle, OperatorOnMemoryIsRefused) {
  const auto judgement = [](std::string_view schema) {
    const auto run = by_layer(LayerKind::batching, outcome_of(2), outcome_of(1));
    return run_check(check_batched, schema, run).judgement;
  };
  EXPECT_EQ(judgement("aten::as_strided_copy(Tensor a) -> Tensor"), Judgement::refused);
  EXPECT_EQ(judgement("aten::is_set_to(Tensor a) -> Tensor"), Judgement::refused);
  EXPECT_EQ(judgement("aten::sin(Tensor a) -> Tensor"), Judgement::differ);
}

TEST(BatchedOracle, WrittenViewThatOverlapsItselfIsRefused) {
  constexpr std::string_view fill = "mine::fill_(Tensor(a!) a) -> ()";
  corpora::Case c = case_of(fill, 1, 6);
  c.inputs[0] = {0, {2, 3}, {1, 1}, 0};
  const auto run = by_layer(LayerKind::batching, outcome_of(2), outcome_of(1));
  EXPECT_EQ(run_check(check_batched, c, {fill}, run).judgement, Judgement::refused);
}

}  // namespace
}  // namespace oracles
