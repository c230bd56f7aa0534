#include <gtest/gtest.h>

#include "oracles/oracle_checks.h"
#include "oracles/trial/scripted_subject.h"

namespace oracles {
namespace {

using corpora::LayerKind;
constexpr std::string_view schema = "aten::op(Tensor self) -> Tensor";

TensorSnapshot on_meta(engine::Dims sizes) {
  TensorSnapshot t = f32_tensor(std::move(sizes), {});
  t.meta = true;
  t.device = "meta";
  t.has_values = false;
  return t;
}

Verdict checked(const ScriptedSubject::Script& run) {
  return run_check(check_meta, case_of(schema, 1, 9), {schema}, run);
}
Verdict checked(const Outcome& meta, const Outcome& real) {
  return checked(by_layer(LayerKind::meta, meta, real));
}
// The real run depends on the second element of the data.
Verdict checked(const Outcome& meta, const Outcome& zero, const Outcome& nonzero) {
  return checked([=](auto&, const corpora::Image& image, const corpora::Path& path) {
    if (has_layer(path, LayerKind::meta)) return meta;
    float second = 0;
    std::memcpy(&second, image.storages[0].data() + sizeof second, sizeof second);
    return second == 0 ? zero : nonzero;
  });
}

TEST(MetaOracle, SizesStridesAndDTypesAreCompared) {
  const auto against = [&](const TensorSnapshot& t) {
    return checked(outcome_of(t), outcome_of(f32_tensor({2, 2}, {1, 2, 3, 4})));
  };
  EXPECT_EQ(against(on_meta({2, 2})).judgement, Judgement::agree);
  EXPECT_EQ(against(on_meta({4})).divergence.kind, Kind::sizes);
  TensorSnapshot transposed = on_meta({2, 2});
  transposed.strides = {1, 2};
  EXPECT_EQ(against(transposed).divergence.kind, Kind::strides);
  TensorSnapshot integer = on_meta({2, 2});
  integer.dtype = engine::DType::i64;
  EXPECT_EQ(against(integer).divergence.kind, Kind::dtype);
}

TEST(MetaOracle, MetaKernelThatNeedsDataIsAGap) {
  const auto raising_on_meta = [](const CallOutcome& error) {
    return checked(outcome_of({error}), outcome_of(1));
  };
  CallOutcome error = raising("Cannot copy out of meta tensor; no data!");
  EXPECT_EQ(raising_on_meta(error).judgement, Judgement::differ) << "messages are ignored";
  error.cause = ErrorCause::no_data;
  EXPECT_EQ(raising_on_meta(error).judgement, Judgement::gap);
  error.cause = ErrorCause::unknown;
  error.status = Status::not_implemented;
  EXPECT_EQ(raising_on_meta(error).judgement, Judgement::gap);
}

TEST(MetaOracle, ErrorThatDependsOnDataIsIncomparable) {
  EXPECT_EQ(checked(outcome_of(on_meta({1})), outcome_of({raising("bad")}), outcome_of(1)).judgement,
            Judgement::agree);
  EXPECT_EQ(checked(outcome_of(on_meta({1})), outcome_of(1), outcome_of({raising("bad")})).judgement,
            Judgement::incomparable);
  EXPECT_EQ(checked(outcome_of({raising("bad")}), outcome_of({raising("bad")}), outcome_of(1)).judgement,
            Judgement::incomparable);
  EXPECT_EQ(checked(outcome_of(on_meta({1})), outcome_of({raising("one")}), outcome_of({raising("another")}))
                .judgement,
            Judgement::incomparable);
}

TEST(MetaOracle, ErrorThatDependsOnAScalarIsIncomparable) {
  // The kernel refuses an argument that is larger than 1.
  const auto refusing = [](std::string_view of) {
    corpora::Case c = case_of(of, 1, 9);
    c.calls[0].arguments.push_back(corpora::Value::of_integer(300));
    return run_check(check_meta, c, {of},
                     [](const corpora::Case& ran, auto&, const corpora::Path& path) {
                       if (has_layer(path, LayerKind::meta)) return outcome_of(on_meta({1}));
                       const bool large = ran.calls[0].arguments[1].integer > 1;
                       return large ? outcome_of({raising("cannot be converted")}) : outcome_of(1);
                     })
        .judgement;
  };
  EXPECT_EQ(refusing("author::f(Tensor self, Scalar by) -> Tensor"), Judgement::incomparable);
  EXPECT_EQ(refusing("author::f(Tensor self, int dim) -> Tensor"), Judgement::differ);
}

TEST(MetaOracle, ErrorForAllDataIsADivergence) {
  const Verdict verdict =
      checked(outcome_of(on_meta({1})), outcome_of({raising("does not support complex")}));
  EXPECT_EQ(verdict.judgement, Judgement::differ);
  EXPECT_EQ(verdict.divergence.kind, Kind::error);
}

TEST(MetaOracle, ErrorOfAnAuthorsOperatorWithoutResultsIsIncomparable) {
  const auto judged = [](std::string_view of) {
    return run_check(check_meta, case_of(of, 1, 9), {of},
                     by_layer(LayerKind::meta, outcome_of({returning({})}), outcome_of({raising("no")})))
        .judgement;
  };
  EXPECT_EQ(judged("author::f_(Tensor(a!) self) -> ()"), Judgement::incomparable);
  EXPECT_EQ(judged("aten::f_(Tensor(a!) self) -> ()"), Judgement::differ);
}

// The real run with inputs of `dtype` raises for dtypes that the kernel `lacks`.
Judgement lacking(engine::DType dtype, ErrorCause cause, bool (*lacks)(engine::DType)) {
  CallOutcome error = raising("unsupported");
  error.cause = cause;
  corpora::Case case_with_dtype = case_of(schema, 1, 9);
  case_with_dtype.storages[0].dtype = dtype;
  return run_check(check_meta, case_with_dtype, {schema},
                   [=](const corpora::Case& c, auto&, const corpora::Path& path) {
                     if (has_layer(path, LayerKind::meta)) return outcome_of(on_meta({1}));
                     return lacks(c.storages[0].dtype) ? outcome_of({error}) : outcome_of(1);
                   })
      .judgement;
}

TEST(MetaOracle, ErrorOfOneDTypeOfAClassIsIncomparable) {
  using engine::DType;
  const auto half = [](DType dtype) { return dtype == DType::f16; };
  const auto not_floating = [](DType dtype) { return !engine::is_floating(dtype); };
  EXPECT_EQ(lacking(DType::f16, ErrorCause::unknown, half), Judgement::incomparable);
  EXPECT_EQ(lacking(DType::i64, ErrorCause::unknown, not_floating), Judgement::differ)
      << "Meta must reject integers, too";
  EXPECT_EQ(lacking(DType::i64, ErrorCause::missing_dtype, not_floating), Judgement::incomparable);
}

TEST(MetaOracle, ErrorOfEveryDTypeIsADivergenceWhateverItClaims) {
  EXPECT_EQ(lacking(engine::DType::f32, ErrorCause::missing_dtype, [](auto) { return true; }),
            Judgement::differ);
}

TEST(MetaOracle, ErrorsAboutKernelsAndValuesAreIncomparable) {
  const auto always = [](engine::DType) { return true; };
  EXPECT_EQ(lacking(engine::DType::f32, ErrorCause::missing_kernel, always), Judgement::incomparable);
  EXPECT_EQ(lacking(engine::DType::f32, ErrorCause::values, always), Judgement::incomparable);
}

TEST(MetaOracle, SizesThatDependOnDataAreIncomparable) {
  EXPECT_EQ(checked(outcome_of(on_meta({9})), outcome_of(1), outcome_of(f32_tensor({2}, {1, 2}))).judgement,
            Judgement::incomparable);
}

TEST(MetaOracle, AnAuthorsCompositeKernelThatRaisesOnMetaIsAGap) {
  constexpr std::string_view authors = "author::f(Tensor self) -> Tensor";
  Outcome raises = outcome_of({raising("CPU only")});
  raises.trace.push_back({"author::f", 0, 0});
  ScriptedSubject subject({authors}, by_layer(corpora::LayerKind::meta, raises, outcome_of(1)));
  const corpora::Case c = case_of(authors, 1);
  const auto judged_with = [&](engine::Reason reason) {
    subject.reason = reason;
    Trial trial(subject, c);
    return check_meta(trial).judgement;
  };
  EXPECT_EQ(judged_with(engine::Reason::composite_implicit), Judgement::gap);
  EXPECT_EQ(judged_with(engine::Reason::kernel), Judgement::differ);
}

TEST(MetaOracle, ErrorOfBothIsBothRaised) {
  EXPECT_EQ(checked(always(outcome_of({raising("no")}))).judgement, Judgement::both_raised);
}

}  // namespace
}  // namespace oracles
