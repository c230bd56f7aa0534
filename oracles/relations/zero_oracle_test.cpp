#include <gtest/gtest.h>

#include "oracles/oracle_checks.h"
#include "oracles/trial/scripted_subject.h"

namespace oracles {
namespace {

using corpora::LayerKind;

Outcome changing_input(int32_t input, float to) {
  CallOutcome call = returning({f32_tensor({1}, {to}, 0)});
  call.changes.push_back({input, true, false, 1, f32_tensor({1}, {to}, 0)});
  call.changed_storages = {0};
  return outcome_of({call});
}

constexpr std::string_view exp_schema = "aten::exp(Tensor self) -> Tensor";

Verdict checked(std::string_view schema, const Outcome& zero_tensor, const Outcome& zeros, int inputs = 1,
                const corpora::Path& requested = {}) {
  corpora::Case c = case_of(schema, inputs);
  c.header.path = requested;
  return run_check(check_zero, c, {schema}, by_layer(LayerKind::zero, zero_tensor, zeros));
}

TEST(ZeroOracle, ZerosAreComparedWithZeroTensorsInTheSameStorage) {
  ScriptedSubject subject({exp_schema}, always(outcome_of(1)));
  const corpora::Case c = case_of(exp_schema, 1);
  Trial trial(subject, c);
  EXPECT_EQ(check_zero(trial).judgement, Judgement::agree);
  EXPECT_EQ(subject.paths, (std::vector<std::string>{"direct", "zeros(0)", "zero(0)"}));
}

TEST(ZeroOracle, StridesOfTheResultAreCompared) {
  const TensorSnapshot plain = f32_tensor({2, 2}, {1, 1, 1, 1});
  TensorSnapshot transposed = plain;
  transposed.strides = {1, 2};
  const Verdict verdict = checked(exp_schema, outcome_of(plain), outcome_of(transposed));
  EXPECT_EQ(verdict.judgement, Judgement::differ);
  EXPECT_EQ(verdict.divergence.kind, Kind::strides);
  EXPECT_EQ(corpora::to_string(verdict.left), "zeros(0)");
  EXPECT_EQ(corpora::to_string(verdict.right), "zero(0)");
}

// The fallback gives a kernel zeros with strides of 0. An author's operator whose result follows the strides
// of its input then has other strides without a mistake.
TEST(ZeroOracle, StridesOfAnAuthorsResultMayFollowTheFallbacksZeros) {
  constexpr std::string_view schema = "author::f(Tensor self) -> Tensor";
  TensorSnapshot transposed = f32_tensor({2, 2}, {0, 0, 0, 0});
  transposed.strides = {1, 2};
  const auto follows_strides = [&](bool contiguous_if_zero) {
    return [=](const corpora::Case& c, const corpora::Image&, const corpora::Path& path) {
      Outcome outcome;
      const bool is_zero = corpora::has_layer(path, LayerKind::zero);
      const bool expanded = c.inputs[0].strides == engine::Dims{0};
      outcome = outcome_of((is_zero && contiguous_if_zero) || expanded ? f32_tensor({2, 2}, {0, 0, 0, 0})
                                                                       : transposed);
      return outcome;
    };
  };
  const Verdict verdict = run_check(check_zero, schema, follows_strides(true));
  EXPECT_EQ(verdict.judgement, Judgement::incomparable) << verdict.why;
  const Verdict of_library = run_check(check_zero, exp_schema, follows_strides(true));
  EXPECT_EQ(of_library.judgement, Judgement::differ);
}

// The library's kernels for ZeroTensors compute nothing, so that they need no kernel for the dtype.
TEST(ZeroOracle, DtypeThatOnlyRealZerosLackIsIncomparableForAnAuthor) {
  CallOutcome lacking = raising("not implemented for f8");
  lacking.cause = ErrorCause::missing_dtype;
  EXPECT_EQ(checked("author::f(Tensor self) -> Tensor", outcome_of(1), outcome_of({lacking})).judgement,
            Judgement::incomparable);
  EXPECT_EQ(checked(exp_schema, outcome_of(1), outcome_of({lacking})).judgement, Judgement::differ);
}

TEST(ZeroOracle, ErrorOfOneSideIsADivergence) {
  const Outcome raises = outcome_of({raising("data is not allocated yet")});
  EXPECT_EQ(checked(exp_schema, raises, outcome_of(1)).divergence.kind, Kind::error);
}

TEST(ZeroOracle, RequestedPathIsRun) {
  const Verdict verdict = checked("aten::add(Tensor a, Tensor b) -> Tensor", outcome_of(1), outcome_of(1), 2,
                                  {{LayerKind::zero, 1}});
  EXPECT_EQ(corpora::to_string(verdict.right), "zero(1)");
}

TEST(ZeroOracle, WrittenStoragesAreTransformedInOneCaseOfEight) {
  constexpr std::string_view in_place = "aten::add_(Tensor(a!) a, Tensor b) -> Tensor(a!)";
  int written = 0;
  for (int elements = 1; elements <= 64; ++elements) {
    const Verdict verdict =
        run_check(check_zero, case_of(in_place, 2, elements), {in_place}, always(outcome_of(1)));
    written += corpora::to_string(verdict.right) == "zero(0)";
  }
  EXPECT_GT(written, 0);
  EXPECT_LT(written, 24);
}

TEST(ZeroOracle, WrittenZeroTensorMustRaise) {
  constexpr std::string_view in_place = "aten::add_(Tensor(a!) a) -> Tensor(a!)";
  const Outcome writes = changing_input(0, 2), raises = outcome_of({raising("ZeroTensors are immutable")});
  EXPECT_EQ(checked(in_place, raises, writes).judgement, Judgement::agree);
  const Verdict written = checked(in_place, writes, writes);
  EXPECT_EQ(written.judgement, Judgement::differ);
  EXPECT_EQ(written.divergence.kind, Kind::mutation);
  EXPECT_EQ(checked(in_place, outcome_of(0), writes).divergence.kind, Kind::mutation) << "the write is lost";
}

TEST(ZeroOracle, ReturnedZeroTensorIsImmutable) {
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

TEST(ZeroOracle, ExcludedOperatorsAndCasesWithoutInputsAreRefused) {
  const auto judgement = [](std::string_view schema, int inputs) {
    return checked(schema, outcome_of(1), outcome_of(1), inputs).judgement;
  };
  EXPECT_EQ(judgement("aten::_is_zerotensor(Tensor self) -> bool", 1), Judgement::refused);
  EXPECT_EQ(judgement("aten::empty_like(Tensor self) -> Tensor", 1), Judgement::refused);
  EXPECT_EQ(judgement("aten::pi() -> Tensor", 0), Judgement::refused);
}

TEST(ZeroOracle, GapOfTheDirectRunIsAGap) {
  const Outcome missing = outcome_of({raising("no kernel", Status::not_implemented)});
  EXPECT_EQ(checked(exp_schema, missing, missing).judgement, Judgement::gap);
}

TEST(ZeroOracle, ValuesOfRandomOperatorsAreNotCompared) {
  EXPECT_EQ(checked("aten::rand_like(Tensor self) -> Tensor", outcome_of(2), outcome_of(1)).judgement,
            Judgement::agree);
}

}  // namespace
}  // namespace oracles
