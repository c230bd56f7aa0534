#include <gtest/gtest.h>

#include "oracles/oracle_checks.h"
#include "oracles/trial/scripted_subject.h"

namespace oracles {
namespace {

using corpora::LayerKind;

Verdict checked(const std::string& op, const ScriptedSubject::Script& run, corpora::Path requested = {}) {
  corpora::Case c = case_of(op, 1);
  c.header.path = std::move(requested);
  return run_check(check_device, c, {op + "(Tensor self) -> Tensor"}, run);
}

Outcome on_host_cuda(float x) {
  TensorSnapshot tensor = f32_tensor({1}, {x});
  tensor.device = "host_cuda";
  return outcome_of(tensor);
}

ScriptedSubject::Script with_results(float on_cpu, float on_host) {
  return by_layer(LayerKind::host_cuda, on_host_cuda(on_host), outcome_of(on_cpu));
}

TEST(DeviceOracle, ElementwiseIsExactAndSumsHaveABound) {
  const auto one_ulp = with_results(1.0F, 0x1.000002p0F);
  const Verdict exact = checked("aten::exp", one_ulp);
  EXPECT_EQ(exact.judgement, Judgement::differ);
  EXPECT_EQ(exact.divergence.kind, Kind::value);
  EXPECT_EQ(checked("aten::sum", one_ulp).judgement, Judgement::agree);
  EXPECT_EQ(checked("aten::sum", with_results(1.0F, 2.0F)).judgement, Judgement::differ);
}

TEST(DeviceOracle, TwoOrdersOfThreadsAgreeBitForBit) {
  const auto by_order = [](auto&, auto&, const corpora::Path& path) {
    if (path.empty()) return outcome_of(1);
    return on_host_cuda(path[0].storage % 2 == 1 ? 0x1.000002p0F : 1.0F);
  };
  const Verdict verdict = checked("aten::sum", by_order, {{LayerKind::host_cuda, 6}});
  EXPECT_EQ(verdict.judgement, Judgement::differ);
  EXPECT_EQ(corpora::to_string(verdict.left), "host_cuda(6)");
  EXPECT_EQ(corpora::to_string(verdict.right), "host_cuda(7)");
}

TEST(DeviceOracle, ResultOnAnotherDeviceIsADivergence) {
  const Verdict verdict = checked("aten::exp", always(outcome_of(1)));
  EXPECT_EQ(verdict.judgement, Judgement::differ);
  EXPECT_EQ(verdict.divergence.kind, Kind::device);
}

TEST(DeviceOracle, WriteOutsideOfABlockIsADivergence) {
  Outcome damaged = on_host_cuda(1);
  damaged.calls[0].guard_damaged = true;
  const Verdict verdict = checked("aten::exp", by_layer(LayerKind::host_cuda, damaged, outcome_of(1)));
  EXPECT_EQ(verdict.judgement, Judgement::differ);
  EXPECT_EQ(verdict.divergence.kind, Kind::mutation);
}

TEST(DeviceOracle, MissingKernelIsAGap) {
  const Outcome missing = outcome_of({raising("no kernel", Status::not_implemented)});
  EXPECT_EQ(checked("aten::exp", by_layer(LayerKind::host_cuda, missing, outcome_of(1))).judgement,
            Judgement::gap);
}

}  // namespace
}  // namespace oracles
