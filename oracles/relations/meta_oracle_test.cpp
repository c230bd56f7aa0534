#include <gtest/gtest.h>

#include "oracles/checks.h"
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
  ScriptedSubject subject({schema}, run);
  const corpora::Case c = case_of("aten::op", 1, 9);
  Trial trial(subject, c);
  return check_meta(trial);
}

bool meta(const corpora::Path& path) { return has_layer(path, LayerKind::meta); }

TEST(MetaOracle, SizesStridesAndDTypesAreCompared) {
  const auto real = outcome_of({returning({f32_tensor({2, 2}, {1, 2, 3, 4})})});
  const auto against = [&](const TensorSnapshot& t) {
    return checked([&](auto&, auto&, const corpora::Path& path) {
      return meta(path) ? outcome_of({returning({t})}) : real;
    });
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

TEST(MetaOracle, AMetaPathThatCannotTellIsAGap) {
  const auto raising_on_meta = [](const CallOutcome& error) {
    return checked([=](auto&, auto&, const corpora::Path& path) {
      return meta(path) ? outcome_of({error}) : outcome_of({returning({f32_tensor({1}, {1})})});
    });
  };
  CallOutcome error = raising("Cannot copy out of meta tensor; no data!");
  EXPECT_EQ(raising_on_meta(error).judgement, Judgement::differ) << "its words decide nothing";
  error.cause = ErrorCause::no_data;
  EXPECT_EQ(raising_on_meta(error).judgement, Judgement::gap);
  error.cause = ErrorCause::unknown;
  error.status = Status::not_implemented;
  EXPECT_EQ(raising_on_meta(error).judgement, Judgement::gap);
}

TEST(MetaOracle, AnErrorThatOtherDataDoesNotRaiseIsAboutData) {
  // Raises unless every value is one.
  const Verdict verdict = checked([](auto&, const corpora::Image& image, const corpora::Path& path) {
    if (meta(path)) return outcome_of({returning({on_meta({1})})});
    float first = 0;
    std::memcpy(&first, image.storages[0].data(), sizeof first);
    return first == 1 ? outcome_of({returning({f32_tensor({1}, {1})})}) : outcome_of({raising("bad")});
  });
  EXPECT_EQ(verdict.judgement, Judgement::incomparable);
}

TEST(MetaOracle, AnErrorThatAllDataRaiseDiffers) {
  const Verdict verdict = checked([](auto&, auto&, const corpora::Path& path) {
    return meta(path) ? outcome_of({returning({on_meta({1})})})
                      : outcome_of({raising("does not support complex")});
  });
  EXPECT_EQ(verdict.judgement, Judgement::differ);
  EXPECT_EQ(verdict.divergence.kind, Kind::error);
}

TEST(MetaOracle, AMetaErrorThatTheRealRunRaisesOnOtherDataIsAboutData) {
  // The real run refuses zeros only; the meta path must allow for them.
  const Verdict verdict = checked([](auto&, const corpora::Image& image, const corpora::Path& path) {
    if (meta(path)) return outcome_of({raising("sizes do not match")});
    float second = 0;
    std::memcpy(&second, image.storages[0].data() + 4, sizeof second);
    return second != 0 ? outcome_of({returning({f32_tensor({1}, {1})})})
                       : outcome_of({raising("sizes do not match")});
  });
  EXPECT_EQ(verdict.judgement, Judgement::incomparable);
}

// The real run of one operator on inputs of `dtype` raises `error` for dtypes that it `lacks`.
Judgement lacking(engine::DType dtype, ErrorCause cause, bool (*lacks)(engine::DType)) {
  ScriptedSubject subject({schema}, [=](const corpora::Case& c, auto&, const corpora::Path& path) {
    CallOutcome error = raising("unsupported");
    error.cause = cause;
    if (meta(path)) return outcome_of({returning({on_meta({1})})});
    return lacks(c.storages[0].dtype) ? outcome_of({error}) : outcome_of({returning({f32_tensor({1}, {1})})});
  });
  corpora::Case c = case_of("aten::op", 1, 9);
  c.storages[0].dtype = dtype;
  Trial trial(subject, c);
  return check_meta(trial).judgement;
}

TEST(MetaOracle, ErrorOfOneDTypeOfASortIsTheKernels) {
  using engine::DType;
  const auto half = [](DType dtype) { return dtype == DType::f16; };
  const auto not_floating = [](DType dtype) { return !engine::is_floating(dtype); };
  EXPECT_EQ(lacking(DType::f16, ErrorCause::unknown, half), Judgement::incomparable);
  EXPECT_EQ(lacking(DType::i64, ErrorCause::unknown, not_floating), Judgement::differ)
      << "Meta must refuse integers, too";
  EXPECT_EQ(lacking(DType::i64, ErrorCause::missing_dtype, not_floating), Judgement::incomparable);
}

TEST(MetaOracle, ClaimToLackADTypeMustBeTrue) {
  EXPECT_EQ(lacking(engine::DType::f32, ErrorCause::missing_dtype, [](auto) { return true; }),
            Judgement::differ);
}

TEST(MetaOracle, ErrorsAboutKernelsAndValuesAreIncomparable) {
  const auto always = [](engine::DType) { return true; };
  EXPECT_EQ(lacking(engine::DType::f32, ErrorCause::missing_kernel, always), Judgement::incomparable);
  EXPECT_EQ(lacking(engine::DType::f32, ErrorCause::values, always), Judgement::incomparable);
}

TEST(MetaOracle, OtherErrorForOtherDataDependsOnData) {
  const Verdict verdict = checked([](auto&, const corpora::Image& image, const corpora::Path& path) {
    if (meta(path)) return outcome_of({returning({on_meta({1})})});
    float second = 0;
    std::memcpy(&second, image.storages[0].data() + 4, sizeof second);
    return outcome_of({raising(second == 0 ? "one" : "another")});
  });
  EXPECT_EQ(verdict.judgement, Judgement::incomparable);
}

TEST(MetaOracle, SizesThatDependOnDataAreIncomparable) {
  // As many results as there are values that are not zero.
  const Verdict verdict = checked([](auto&, const corpora::Image& image, const corpora::Path& path) {
    if (meta(path)) return outcome_of({returning({on_meta({9})})});
    std::vector<float> kept;
    for (size_t at = 0; at + 4 <= image.storages[0].size(); at += 4) {
      float x = 0;
      std::memcpy(&x, image.storages[0].data() + at, 4);
      if (x != 0) kept.push_back(x);
    }
    const auto count = static_cast<int64_t>(kept.size());
    return outcome_of({returning({f32_tensor({count}, kept)})});
  });
  EXPECT_EQ(verdict.judgement, Judgement::incomparable);
}

TEST(MetaOracle, BothRaisingIsBothRaised) {
  EXPECT_EQ(checked([](auto&, auto&, auto&) { return outcome_of({raising("no")}); }).judgement,
            Judgement::both_raised);
}

}  // namespace
}  // namespace oracles
