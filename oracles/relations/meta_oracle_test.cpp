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
  const auto saying = [](const char* message) {
    return checked([=](auto&, auto&, const corpora::Path& path) {
      return meta(path) ? outcome_of({raising(message)}) : outcome_of({returning({f32_tensor({1}, {1})})});
    });
  };
  EXPECT_EQ(saying("Cannot copy out of meta tensor; no data!").judgement, Judgement::gap);
  EXPECT_EQ(saying("sizes do not match").judgement, Judgement::differ);
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

TEST(MetaOracle, WhatThisDeviceLacksIsNotTheOperatorsMistake) {
  const Verdict verdict = checked([](auto&, auto&, const corpora::Path& path) {
    return meta(path) ? outcome_of({returning({on_meta({1})})})
                      : outcome_of({raising("\"op_cpu\" not implemented for 'Half'")});
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
