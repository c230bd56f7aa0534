#include "oracles/relations/math_bits.h"

#include <gtest/gtest.h>

#include "oracles/checks.h"
#include "oracles/trial/effects.h"
#include "oracles/trial/scripted_subject.h"

namespace oracles {
namespace {

using corpora::LayerKind;

Outcome shows(float x) { return outcome_of({returning({f32_tensor({1}, {x})})}); }

Verdict neg_of(const corpora::Case& c, std::string_view schema, const ScriptedSubject::Script& run) {
  ScriptedSubject subject({schema}, run);
  Trial trial(subject, c);
  return check_neg(trial);
}

const auto bit_is_ignored = [](auto&, auto&, const corpora::Path& path) {
  return shows(has_layer(path, LayerKind::neg) ? -1.0f : 1.0f);
};

TEST(NegOracle, AnIgnoredBitDiffers) {
  const Verdict verdict =
      neg_of(case_of("aten::max_pool1d", 1), "aten::max_pool1d(Tensor self) -> Tensor", bit_is_ignored);
  EXPECT_EQ(verdict.judgement, Judgement::differ);
  EXPECT_EQ(verdict.divergence.kind, Kind::value);
  EXPECT_EQ(corpora::to_string(verdict.right), "neg(0)");
}

TEST(NegOracle, BoolsAndQuestionsAboutTheBitAreRefused) {
  corpora::Case c = case_of("aten::clone", 1);
  c.storages[0].dtype = engine::DType::b8;
  EXPECT_EQ(neg_of(c, "aten::clone(Tensor self) -> Tensor", bit_is_ignored).judgement, Judgement::refused);
  EXPECT_EQ(neg_of(case_of("aten::is_neg", 1), "aten::is_neg(Tensor self) -> bool", bit_is_ignored).judgement,
            Judgement::refused);
}

TEST(ConjOracle, TakesComplexStoragesOnly) {
  ScriptedSubject subject({"aten::clone(Tensor self) -> Tensor"},
                          [](auto&, auto&, auto&) { return shows(1); });
  corpora::Case c = case_of("aten::clone", 1);
  {
    Trial trial(subject, c);
    EXPECT_EQ(check_conj(trial).judgement, Judgement::refused);
  }
  c.storages[0].dtype = engine::DType::c64;
  Trial trial(subject, c);
  const Verdict verdict = check_conj(trial);
  EXPECT_EQ(verdict.judgement, Judgement::agree);
  EXPECT_EQ(corpora::to_string(verdict.right), "conj(0)");
}

TEST(NegOracle, WhatTheFallbackRefusesByDesignIsRefused) {
  constexpr std::string_view two_written = "aten::f(Tensor(a!) a, Tensor(b!) b) -> (Tensor(a!), Tensor(b!))";
  corpora::Case c = case_of("aten::f", 2);
  c.header.path = {{LayerKind::neg, 0}, {LayerKind::neg, 1}};
  EXPECT_EQ(neg_of(c, two_written, bit_is_ignored).judgement, Judgement::refused);
  c.header.path = {{LayerKind::neg, 0}};
  EXPECT_EQ(neg_of(c, two_written, bit_is_ignored).judgement, Judgement::differ);

  corpora::Case list = case_of("aten::g", 1);
  list.calls[0].arguments = {corpora::Value::of_list({corpora::Value::of_input(0)})};
  EXPECT_EQ(neg_of(list, "aten::g(Tensor(a!)[] self) -> ()", bit_is_ignored).judgement, Judgement::refused);
}

TEST(NegOracle, OverlappingReadsAndWritesAreRefused) {
  constexpr std::string_view in_place = "aten::add_(Tensor(a!) a, Tensor b) -> Tensor(a!)";
  corpora::Case c = case_of("aten::add_", 2);
  c.inputs[1] = {0, {2}, {1}, 1};
  c.header.path = {{LayerKind::neg, 0}};
  EXPECT_EQ(neg_of(c, in_place, bit_is_ignored).judgement, Judgement::refused);
  c = case_of("aten::add_", 2);
  c.inputs[0].strides = {0};
  c.header.path = {{LayerKind::neg, 0}};
  EXPECT_EQ(neg_of(c, in_place, bit_is_ignored).judgement, Judgement::refused);
}

TEST(NegOracle, MemoryThatNoViewShowsMustStay) {
  const Verdict verdict =
      neg_of(case_of("aten::squeeze_", 1), "aten::squeeze_(Tensor(a!) self) -> Tensor(a!)",
             [](auto&, auto&, const corpora::Path& path) {
               Outcome outcome = shows(1);
               if (has_layer(path, LayerKind::neg)) outcome.calls[0].changed_storages = {0};
               return outcome;
             });
  EXPECT_EQ(verdict.judgement, Judgement::differ);
  EXPECT_EQ(verdict.divergence.kind, Kind::mutation);
  EXPECT_EQ(verdict.divergence.place, (Place{Part::storage, 0}));
}

TEST(NegOracle, TheSignOfAZeroPartOfAComplexNumberIsNotKept) {
  corpora::Case c = case_of("mine::op", 1);
  const auto sign_changes = [](auto&, auto&, const corpora::Path& path) {
    Outcome outcome = shows(has_layer(path, LayerKind::neg) ? -0.0f : 0.0f);
    if (has_layer(path, LayerKind::neg)) outcome.calls[0].changed_storages = {0};
    return outcome;
  };
  constexpr std::string_view in_place = "aten::clone(Tensor(a!) a) -> Tensor(a!)";
  c.calls[0].op = "aten::clone";
  EXPECT_EQ(neg_of(c, in_place, sign_changes).judgement, Judgement::differ);
  c.storages[0].dtype = engine::DType::c64;
  EXPECT_EQ(neg_of(c, in_place, sign_changes).judgement, Judgement::agree);
}

TEST(NegOracle, StridesOfACopyOfAViewWithGapsAreNotCompared) {
  const auto strides_change = [](auto&, auto&, const corpora::Path& path) {
    TensorSnapshot t = f32_tensor({2, 2}, {1, 1, 1, 1});
    if (has_layer(path, LayerKind::neg)) t.strides = {1, 2};
    return outcome_of({returning({t})});
  };
  corpora::Case c = case_of("aten::exp", 1, 8);
  c.inputs[0] = {0, {2, 2}, {4, 2}, 0};
  EXPECT_EQ(neg_of(c, "aten::exp(Tensor self) -> Tensor", strides_change).judgement, Judgement::agree);
  c.inputs[0] = {0, {2, 2}, {1, 2}, 0};
  EXPECT_EQ(neg_of(c, "aten::exp(Tensor self) -> Tensor", strides_change).divergence.kind, Kind::strides);
}

TEST(NegOracle, VersionsAfterAWriteAreCompared) {
  const auto unseen = [](auto&, auto&, const corpora::Path& path) {
    Outcome outcome = shows(1);
    outcome.calls[0].changes.push_back(
        {0, true, false, has_layer(path, LayerKind::neg) ? 0 : 1, f32_tensor({1}, {1}, 0)});
    return outcome;
  };
  EXPECT_EQ(
      neg_of(case_of("aten::abs_", 1), "aten::abs_(Tensor(a!) self) -> Tensor(a!)", unseen).divergence.kind,
      Kind::version);
}

TEST(Effects, DenseViewsHaveNoGapsAndNoRepeats) {
  EXPECT_TRUE(is_dense({0, {2, 3}, {3, 1}, 0}));
  EXPECT_TRUE(is_dense({0, {2, 3}, {1, 2}, 5}));
  EXPECT_TRUE(is_dense({0, {}, {}, 0}));
  EXPECT_TRUE(is_dense({0, {0, 3}, {9, 9}, 0}));
  EXPECT_TRUE(is_dense({0, {1, 3}, {99, 1}, 0}));
  EXPECT_FALSE(is_dense({0, {2, 3}, {6, 2}, 0}));
  EXPECT_FALSE(is_dense({0, {3}, {0}, 0}));
  EXPECT_FALSE(is_dense({0, {2, 2}, {1, 1}, 0}));
}

}  // namespace
}  // namespace oracles
