#include <gtest/gtest.h>

#include "oracles/oracle_checks.h"
#include "oracles/trial/scripted_subject.h"

namespace oracles {
namespace {

using corpora::LayerKind;

constexpr std::string_view op = "mine::op(Tensor a) -> Tensor";
constexpr std::string_view view = "mine::view(Tensor(a) a) -> Tensor(a)";

TensorSnapshot on_device(TensorSnapshot tensor) {
  tensor.device = "private";
  return tensor;
}

Outcome on_device(float x) { return outcome_of(on_device(f32_tensor({1}, {x}))); }

Verdict judged(const Outcome& on_other, const Outcome& on_cpu, std::string_view schema = op) {
  return run_check(check_cpu_fallback, schema, by_layer(LayerKind::private_device, on_other, on_cpu));
}

TEST(CpuFallbackOracle, EqualResultsAgree) {
  const Verdict verdict = judged(on_device(1), outcome_of(1));
  EXPECT_EQ(verdict.judgement, Judgement::agree);
  EXPECT_EQ(corpora::to_string(verdict.right), "private_device");
}

TEST(CpuFallbackOracle, DifferentValueIsADivergence) {
  EXPECT_EQ(judged(on_device(2), outcome_of(1)).judgement, Judgement::differ);
}

TEST(CpuFallbackOracle, ResultOnTheCpuIsADivergence) {
  const Verdict verdict = judged(outcome_of(1), outcome_of(1));
  EXPECT_EQ(verdict.judgement, Judgement::differ);
  EXPECT_EQ(verdict.divergence.kind, Kind::device);
}

TEST(CpuFallbackOracle, ResultOnTheCpuOfACallWithoutADeviceAgrees) {
  const corpora::Case c = case_of("mine::make() -> Tensor", 0);
  const auto run = always(outcome_of(1));
  EXPECT_EQ(run_check(check_cpu_fallback, c, {"mine::make() -> Tensor"}, run).judgement, Judgement::agree);
}

TEST(CpuFallbackOracle, LostWriteIsADivergence) {
  Outcome writes = outcome_of(1);
  writes.calls.front().changes.push_back(
      {.input = 0, .values_changed = true, .version_delta = 1, .after = f32_tensor({3}, {7, 8, 9}, 0)});
  const Verdict verdict = judged(on_device(1), writes);
  EXPECT_EQ(verdict.judgement, Judgement::differ);
  EXPECT_EQ(verdict.divergence.kind, Kind::mutation);
}

TEST(CpuFallbackOracle, CopyOfADeclaredViewIsIncomparable) {
  const Outcome of_input = outcome_of(f32_tensor({3}, {1, 2, 3}, 0));
  const Outcome copy = outcome_of(on_device(f32_tensor({3}, {1, 2, 3})));
  EXPECT_EQ(judged(copy, of_input, view).judgement, Judgement::incomparable);
}

TEST(CpuFallbackOracle, ViewWhereTheCpuReturnsNewMemoryIsADivergence) {
  const Outcome fresh = outcome_of(f32_tensor({3}, {1, 2, 3}));
  const Outcome of_input = outcome_of(on_device(f32_tensor({3}, {1, 2, 3}, 0)));
  const Verdict verdict = judged(of_input, fresh, view);
  EXPECT_EQ(verdict.judgement, Judgement::differ);
  EXPECT_EQ(verdict.divergence.kind, Kind::alias);
}

TEST(CpuFallbackOracle, StridesOfResultsWithGapsAreIncomparable) {
  TensorSnapshot spread = f32_tensor({2, 3}, {1, 2, 3, 4, 5, 6}), packed = spread, turned = spread;
  spread.strides = {6, 2};
  turned.strides = {1, 2};
  EXPECT_EQ(judged(outcome_of(on_device(packed)), outcome_of(spread)).judgement, Judgement::incomparable);
  const Verdict verdict = judged(outcome_of(on_device(packed)), outcome_of(turned));
  EXPECT_EQ(verdict.judgement, Judgement::differ);
  EXPECT_EQ(verdict.divergence.kind, Kind::strides);
}

TEST(CpuFallbackOracle, ErrorOfOneSideIsADivergenceAndAMissingKernelAGap) {
  EXPECT_EQ(judged(outcome_of({raising("no")}), outcome_of(1)).judgement, Judgement::differ);
  EXPECT_EQ(judged(outcome_of({raising("no", Status::not_implemented)}), outcome_of(1)).judgement,
            Judgement::gap);
}

}  // namespace
}  // namespace oracles
