#include <gtest/gtest.h>

#include "oracles/checks.h"
#include "oracles/trial/scripted_subject.h"

namespace oracles {
namespace {

using corpora::LayerKind;

Outcome shows(float x) { return outcome_of({returning({f32_tensor({1}, {x})})}); }

Outcome changing_input(int32_t input, float to) {
  CallOutcome call = returning({f32_tensor({1}, {to}, 0)});
  call.changes.push_back({input, true, false, 1, f32_tensor({1}, {to}, 0)});
  call.changed_storages = {0};
  return outcome_of({call});
}

Verdict checked(std::string_view schema, const ScriptedSubject::Script& run, int inputs = 1,
                const corpora::Path& asked = {}) {
  ScriptedSubject subject({schema}, run);
  corpora::Case c = case_of(std::string(schema.substr(0, schema.find('('))), inputs);
  c.header.path = asked;
  Trial trial(subject, c);
  return check_zero(trial);
}

TEST(ZeroOracle, ComparesZerosWithZeroTensorsInTheSameStorage) {
  ScriptedSubject subject({"aten::exp(Tensor self) -> Tensor"}, [](auto&, auto&, auto&) { return shows(1); });
  const corpora::Case c = case_of("aten::exp", 1);
  Trial trial(subject, c);
  EXPECT_EQ(check_zero(trial).judgement, Judgement::agree);
  EXPECT_EQ(subject.walked, (std::vector<std::string>{"direct", "zeros(0)", "zero(0)"}));
}

TEST(ZeroOracle, StridesOfTheResultCount) {
  const Verdict verdict =
      checked("aten::exp(Tensor self) -> Tensor", [](auto&, auto&, const corpora::Path& path) {
        TensorSnapshot t = f32_tensor({2, 2}, {1, 1, 1, 1});
        if (!has_layer(path, LayerKind::zero)) t.strides = {1, 2};
        return outcome_of({returning({t})});
      });
  EXPECT_EQ(verdict.judgement, Judgement::differ);
  EXPECT_EQ(verdict.divergence.kind, Kind::strides);
  EXPECT_EQ(corpora::to_string(verdict.left), "zeros(0)");
  EXPECT_EQ(corpora::to_string(verdict.right), "zero(0)");
}

TEST(ZeroOracle, AnErrorOnOneSideDiffers) {
  const Verdict verdict =
      checked("aten::exp(Tensor self) -> Tensor", [](auto&, auto&, const corpora::Path& path) {
        return has_layer(path, LayerKind::zero) ? outcome_of({raising("data is not allocated yet")})
                                                : shows(1);
      });
  EXPECT_EQ(verdict.divergence.kind, Kind::error);
}

TEST(ZeroOracle, WalksTheAskedPath) {
  const auto same = [](auto&, auto&, auto&) { return shows(1); };
  const Verdict verdict = checked("aten::add(Tensor a, Tensor b) -> Tensor", same, 2, {{LayerKind::zero, 1}});
  EXPECT_EQ(corpora::to_string(verdict.right), "zero(1)");
}

TEST(ZeroOracle, DressesWhatNothingWrites) {
  // Storage 0 is written, so storage 1 is dressed, but for the one case in eight that looks at immutability.
  int dressed_written = 0;
  for (int elements = 1; elements <= 64; ++elements) {
    ScriptedSubject subject({"aten::add_(Tensor(a!) a, Tensor b) -> Tensor(a!)"},
                            [](auto&, auto&, auto&) { return shows(1); });
    const corpora::Case c = case_of("aten::add_", 2, elements);
    Trial trial(subject, c);
    dressed_written += corpora::to_string(check_zero(trial).right) == "zero(0)";
  }
  EXPECT_GT(dressed_written, 0);
  EXPECT_LT(dressed_written, 24);
}

TEST(ZeroOracle, AWrittenZeroTensorMustRaise) {
  constexpr std::string_view in_place = "aten::add_(Tensor(a!) a) -> Tensor(a!)";
  const Verdict raises = checked(in_place, [](auto&, auto&, const corpora::Path& path) {
    return has_layer(path, LayerKind::zero) ? outcome_of({raising("ZeroTensors are immutable")})
                                            : changing_input(0, 2);
  });
  EXPECT_EQ(raises.judgement, Judgement::agree);
  const Verdict written = checked(in_place, [](auto&, auto&, auto&) { return changing_input(0, 2); });
  EXPECT_EQ(written.judgement, Judgement::differ);
  EXPECT_EQ(written.divergence.kind, Kind::mutation);
  const Verdict lost = checked(in_place, [](auto&, auto&, const corpora::Path& path) {
    return has_layer(path, LayerKind::zero) ? shows(0) : changing_input(0, 2);
  });
  EXPECT_EQ(lost.divergence.kind, Kind::mutation);
}

// A ZeroTensor that a call returned may be written as little as one that it was given.
TEST(ZeroOracle, AZeroTensorThatACallReturnedIsImmutable) {
  const auto run = [](bool is_zero) {
    ScriptedSubject subject(
        {"aten::exp(Tensor self) -> Tensor", "aten::add_(Tensor(a!) a) -> Tensor(a!)"},
        [is_zero](auto&, auto&, const corpora::Path& path) {
          TensorSnapshot first = f32_tensor({1}, {0});
          first.zero = is_zero && has_layer(path, LayerKind::zero);
          const bool raises = has_layer(path, LayerKind::zero);
          return outcome_of({returning({first}), raises ? raising("immutable") : returning({first})});
        });
    corpora::Case c = case_of("aten::exp", 1);
    c.calls.push_back({"aten::add_", {}, {corpora::Value::of_result(0, 0)}});
    Trial trial(subject, c);
    return check_zero(trial).judgement;
  };
  EXPECT_EQ(run(true), Judgement::incomparable);
  EXPECT_EQ(run(false), Judgement::differ);
}

TEST(ZeroOracle, RefusesWhatItCannotJudge) {
  const auto same = [](auto&, auto&, auto&) { return shows(1); };
  EXPECT_EQ(checked("aten::_is_zerotensor(Tensor self) -> bool", same).judgement, Judgement::refused);
  EXPECT_EQ(checked("aten::empty_like(Tensor self) -> Tensor", same).judgement, Judgement::refused);
  EXPECT_EQ(checked("aten::pi() -> Tensor", same, 0).judgement, Judgement::refused);
}

TEST(ZeroOracle, AGapOfTheDirectRunIsAGap) {
  const auto missing = [](auto&, auto&, auto&) {
    return outcome_of({raising("no kernel", Status::not_implemented)});
  };
  EXPECT_EQ(checked("aten::exp(Tensor self) -> Tensor", missing).judgement, Judgement::gap);
}

TEST(ZeroOracle, ValuesOfRandomOperatorsAreNotCompared) {
  const Verdict verdict =
      checked("aten::rand_like(Tensor self) -> Tensor", [](auto&, auto&, const corpora::Path& path) {
        return shows(has_layer(path, LayerKind::zero) ? 2 : 1);
      });
  EXPECT_EQ(verdict.judgement, Judgement::agree);
}

}  // namespace
}  // namespace oracles
