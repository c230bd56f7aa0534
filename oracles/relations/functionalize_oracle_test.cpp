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

TEST(FunctionalizeOracle, ResultWithoutADeclaredAliasMayShareMemory) {
  TensorSnapshot shared = f32_tensor({1}, {1}, 0);
  const auto judgement = [&](std::string_view schema) {
    const auto run = by_layer(LayerKind::functional, outcome_of(1), outcome_of(shared));
    return run_check(check_functionalize, schema, run).judgement;
  };
  EXPECT_EQ(judgement(op), Judgement::agree);
  EXPECT_EQ(judgement("mine::op(Tensor(a) a) -> Tensor(a)"), Judgement::differ);
}

TEST(FunctionalizeOracle, WriteOfMemoryThatAnotherOperandViewsIsIncomparable) {
  constexpr std::string_view add = "mine::add_(Tensor(a!) a, Tensor b) -> ()";
  corpora::Case c = case_of(add, 2, 6);
  const auto run = by_layer(LayerKind::functional, outcome_of(2), outcome_of(1));
  EXPECT_EQ(run_check(check_functionalize, c, {add}, run).judgement, Judgement::differ);
  c.inputs[1].storage = 0;
  c.storages.pop_back();
  EXPECT_EQ(run_check(check_functionalize, c, {add}, run).judgement, Judgement::incomparable);
}

TEST(FunctionalizeOracle, ProgramThatDependsOnLayoutsIsIncomparable) {
  corpora::Case c = case_of("mine::op", 1, 6);
  c.inputs[0] = {0, {3}, {2}, 0};
  const auto judgement = [&](float contiguous) {
    const auto run = [&](auto&, auto&, const corpora::Path& path) {
      if (has_layer(path, LayerKind::contiguous)) return outcome_of(contiguous);
      return outcome_of(has_layer(path, LayerKind::functional) ? 2.0f : 1.0f);
    };
    return run_check(check_functionalize, c, {op}, run).judgement;
  };
  EXPECT_EQ(judgement(1), Judgement::differ);
  EXPECT_EQ(judgement(2), Judgement::incomparable);
}

// The out= form returns 1, and `functional` is what the functional form returns.
Judgement judged_form(const Outcome& functional) {
  constexpr std::string_view out = "mine::op.out(Tensor a, *, Tensor(a!) out) -> Tensor(a!)";
  const auto run = [&](const corpora::Case& c, auto&, const corpora::Path& path) {
    if (c.calls.back().op == "mine::op") return functional;
    return outcome_of(has_layer(path, LayerKind::functional) ? 2.0f : 1.0f);
  };
  corpora::Case c = case_of(out, 2);
  return run_check(check_functionalize, c, {op, out}, run).judgement;
}

TEST(FunctionalizeOracle, FormsOfAnOperatorThatDisagreeAreIncomparable) {
  EXPECT_EQ(judged_form(outcome_of(1)), Judgement::differ);
  EXPECT_EQ(judged_form(outcome_of(2)), Judgement::incomparable);
  EXPECT_EQ(judged_form(outcome_of(f32_tensor({2}, {1, 1}))), Judgement::incomparable);
  EXPECT_EQ(judged_form(outcome_of({raising("no")})), Judgement::incomparable);
}

TEST(FunctionalizeOracle, ChangesOfAProgramThatRaisesAreIgnored) {
  CallOutcome changes = raising("no");
  changes.changes.push_back({.input = 0, .values_changed = true, .version_delta = 1, .after = {}});
  changes.changes.front().after = f32_tensor({3}, {7, 8, 9}, 0);
  EXPECT_EQ(judged(outcome_of({changes}), outcome_of({raising("no")})).judgement, Judgement::both_raised);
}

TEST(FunctionalizeOracle, ViewOfAnEarlierResultWithOtherStridesMayBeACopy) {
  constexpr std::string_view reshape = "mine::reshape(Tensor(a) a) -> Tensor(a)";
  const auto program = [](engine::Dims strides, int32_t storage) {
    TensorSnapshot first = f32_tensor({2}, {0, 0}, 100);
    first.strides = std::move(strides);
    return outcome_of({returning({first}), returning({f32_tensor({2}, {0, 0}, storage)})});
  };
  corpora::Case c = case_of(op, 1);
  c.calls.push_back({"mine::reshape", {}, {corpora::Value::of_result(0, 0)}});
  const auto judgement = [&](const Outcome& functionalised) {
    const auto run = by_layer(LayerKind::functional, functionalised, program({2}, 101));
    return run_check(check_functionalize, c, {op, reshape}, run).judgement;
  };
  EXPECT_EQ(judgement(program({2}, 100)), Judgement::differ);
  EXPECT_EQ(judgement(program({1}, 100)), Judgement::incomparable);
}

TEST(FunctionalizeOracle, SparseValueOfAnInputIsIncomparable) {
  Outcome sparse = outcome_of(2);
  sparse.calls.front().changes.push_back(
      {.input = 0, .values_changed = true, .version_delta = 1, .after = {}});
  sparse.calls.front().changes.front().after = f32_tensor({3}, {7, 8, 9}, 0);
  EXPECT_EQ(judged(sparse, outcome_of(1)).judgement, Judgement::differ);
  sparse.calls.front().changes.front().after.opaque = true;
  EXPECT_EQ(judged(sparse, outcome_of(1)).judgement, Judgement::incomparable);
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
