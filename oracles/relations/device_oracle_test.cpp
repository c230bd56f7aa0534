#include <gtest/gtest.h>

#include "oracles/checks.h"
#include "oracles/trial/scripted_subject.h"

namespace oracles {
namespace {

using corpora::LayerKind;

Verdict checked(const std::string& op, const ScriptedSubject::Script& run, corpora::Path asked = {}) {
  ScriptedSubject subject({op + "(Tensor self) -> Tensor"}, run);
  corpora::Case c = case_of(op, 1);
  c.header.path = std::move(asked);
  Trial trial(subject, c);
  return check_device(trial);
}

Outcome shows(float x, const char* device = "cpu") {
  TensorSnapshot tensor = f32_tensor({1}, {x});
  tensor.device = device;
  return outcome_of({returning({tensor})});
}

Outcome on_its_device(const corpora::Path& path, float on_cpu, float on_host) {
  return has_layer(path, LayerKind::host_cuda) ? shows(on_host, "host_cuda") : shows(on_cpu);
}

TEST(DeviceOracle, ElementsAgreeBitForBitAndSumsWithinTheirBound) {
  const auto one_ulp = [](auto&, auto&, const corpora::Path& path) {
    return on_its_device(path, 1.0F, 0x1.000002p0F);
  };
  const Verdict exact = checked("aten::exp", one_ulp);
  EXPECT_EQ(exact.judgement, Judgement::differ);
  EXPECT_EQ(exact.divergence.kind, Kind::value);
  EXPECT_EQ(checked("aten::sum", one_ulp).judgement, Judgement::agree);
  const auto far_off = [](auto&, auto&, const corpora::Path& path) {
    return on_its_device(path, 1.0F, 2.0F);
  };
  EXPECT_EQ(checked("aten::sum", far_off).judgement, Judgement::differ);
}

TEST(DeviceOracle, TwoOrdersOfThreadsAgreeBitForBit) {
  const auto by_order = [](auto&, auto&, const corpora::Path& path) {
    const bool odd = !path.empty() && path[0].storage % 2 == 1;
    return on_its_device(path, 1.0F, odd ? 0x1.000002p0F : 1.0F);
  };
  const Verdict verdict = checked("aten::sum", by_order, {{LayerKind::host_cuda, 6}});
  EXPECT_EQ(verdict.judgement, Judgement::differ);
  EXPECT_EQ(corpora::to_string(verdict.left), "host_cuda(6)");
  EXPECT_EQ(corpora::to_string(verdict.right), "host_cuda(7)");
}

TEST(DeviceOracle, ResultsLiveWhereTheArgumentsDo) {
  const Verdict verdict = checked("aten::exp", [](auto&, auto&, auto&) { return shows(1.0F, "cpu"); });
  EXPECT_EQ(verdict.judgement, Judgement::differ);
  EXPECT_EQ(verdict.divergence.kind, Kind::device);
}

TEST(DeviceOracle, WritingOutsideIsADivergence) {
  const Verdict verdict = checked("aten::exp", [](auto&, auto&, const corpora::Path& path) {
    Outcome outcome = on_its_device(path, 1.0F, 1.0F);
    outcome.calls[0].guard_damaged = has_layer(path, LayerKind::host_cuda);
    return outcome;
  });
  EXPECT_EQ(verdict.judgement, Judgement::differ);
  EXPECT_EQ(verdict.divergence.kind, Kind::mutation);
}

TEST(DeviceOracle, AKernelThatIsNotCompiledIsAGap) {
  const auto missing = [](auto&, auto&, const corpora::Path& path) {
    return path.empty() ? shows(1.0F) : outcome_of({raising("no kernel", Status::not_implemented)});
  };
  EXPECT_EQ(checked("aten::exp", missing).judgement, Judgement::gap);
}

}  // namespace
}  // namespace oracles
