#include <gtest/gtest.h>

#include "oracles/oracle_checks.h"
#include "oracles/trial/effects.h"
#include "oracles/trial/scripted_subject.h"

namespace oracles {
namespace {

using corpora::LayerKind;

const auto bit_is_ignored = by_layer(LayerKind::neg, outcome_of(-1), outcome_of(1));

Verdict neg_of(const corpora::Case& c, std::string_view schema,
               const ScriptedSubject::Script& run = bit_is_ignored) {
  return run_check(check_neg, c, {schema}, run);
}

constexpr std::string_view clone = "aten::clone(Tensor self) -> Tensor";

TEST(NegOracle, IgnoredBitIsADivergence) {
  constexpr std::string_view schema = "aten::max_pool1d(Tensor self) -> Tensor";
  const Verdict verdict = neg_of(case_of(schema, 1), schema);
  EXPECT_EQ(verdict.judgement, Judgement::differ);
  EXPECT_EQ(verdict.divergence.kind, Kind::value);
  EXPECT_EQ(corpora::to_string(verdict.right), "neg(0)");
}

TEST(NegOracle, BoolsAndOperatorsAboutTheBitAreRefused) {
  corpora::Case c = case_of(clone, 1);
  c.storages[0].dtype = engine::DType::b8;
  EXPECT_EQ(neg_of(c, clone).judgement, Judgement::refused);
  constexpr std::string_view is_neg = "aten::is_neg(Tensor self) -> bool";
  EXPECT_EQ(neg_of(case_of(is_neg, 1), is_neg).judgement, Judgement::refused);
}

TEST(ConjOracle, OnlyComplexStoragesAreTransformed) {
  corpora::Case c = case_of(clone, 1);
  EXPECT_EQ(run_check(check_conj, c, {clone}, always(outcome_of(1))).judgement, Judgement::refused);
  c.storages[0].dtype = engine::DType::c64;
  const Verdict verdict = run_check(check_conj, c, {clone}, always(outcome_of(1)));
  EXPECT_EQ(verdict.judgement, Judgement::agree);
  EXPECT_EQ(corpora::to_string(verdict.right), "conj(0)");
}

TEST(NegOracle, CallsThatTheFallbackRejectsByDesignAreRefused) {
  constexpr std::string_view two_written = "aten::f(Tensor(a!) a, Tensor(b!) b) -> (Tensor(a!), Tensor(b!))";
  corpora::Case c = case_of("aten::f", 2);
  c.header.path = {{LayerKind::neg, 0}, {LayerKind::neg, 1}};
  EXPECT_EQ(neg_of(c, two_written).judgement, Judgement::refused);
  c.header.path = {{LayerKind::neg, 0}};
  EXPECT_EQ(neg_of(c, two_written).judgement, Judgement::differ);

  corpora::Case list = case_of("aten::g", 1);
  list.calls[0].arguments = {corpora::Value::of_list({corpora::Value::of_input(0)})};
  EXPECT_EQ(neg_of(list, "aten::g(Tensor(a!)[] self) -> ()").judgement, Judgement::refused);
}

TEST(NegOracle, AuthorsWrittenArgumentThatIsNotTheFirstResultIsRefused) {
  const auto judged = [](std::string_view schema) { return neg_of(case_of(schema, 1), schema).judgement; };
  EXPECT_EQ(judged("author::f_(Tensor(a!) a) -> Tensor(a!)"), Judgement::differ);
  EXPECT_EQ(judged("author::f_(Tensor(a!) a) -> ()"), Judgement::refused);
  EXPECT_EQ(judged("author::f_(Tensor(a!) a) -> Tensor"), Judgement::refused);
}

TEST(NegOracle, ErrorThatContiguousCopiesGiveWithoutTheBitIsIncomparable) {
  corpora::Case expanded = case_of(clone, 1, 6);
  expanded.inputs[0] = {0, {3}, {0}, 0};
  const auto judged = [&](std::string_view without_the_bit) {
    return neg_of(expanded, clone,
                  [=](auto&, auto&, const corpora::Path& path) {
                    if (has_layer(path, LayerKind::neg)) return outcome_of({raising("no kernel")});
                    if (!has_layer(path, LayerKind::contiguous)) return outcome_of(1);
                    return outcome_of({raising(std::string(without_the_bit))});
                  })
        .judgement;
  };
  EXPECT_EQ(judged("no kernel"), Judgement::incomparable);
  EXPECT_EQ(judged("another error"), Judgement::differ);
}

TEST(NegOracle, OverlappingReadsAndWritesAreRefused) {
  constexpr std::string_view in_place = "aten::add_(Tensor(a!) a, Tensor b) -> Tensor(a!)";
  corpora::Case c = case_of("aten::add_", 2);
  c.inputs[1] = {0, {2}, {1}, 1};
  c.header.path = {{LayerKind::neg, 0}};
  EXPECT_EQ(neg_of(c, in_place).judgement, Judgement::refused);
  c = case_of("aten::add_", 2);
  c.inputs[0].strides = {0};
  c.header.path = {{LayerKind::neg, 0}};
  EXPECT_EQ(neg_of(c, in_place).judgement, Judgement::refused);
}

TEST(NegOracle, LayoutThatOnlyTheRightSideRefusesIsIncomparable) {
  const auto judged = [](const corpora::Case& c, bool always) {
    return neg_of(c, clone,
                  [=](auto&, auto&, const corpora::Path& path) {
                    const bool raises = has_layer(path, LayerKind::neg) &&
                                        (always || !has_layer(path, LayerKind::contiguous));
                    return raises ? outcome_of({raising("unsupported")}) : outcome_of(1);
                  })
        .judgement;
  };
  corpora::Case gaps = case_of(clone, 1, 6);
  gaps.inputs[0] = {0, {3}, {2}, 0};
  EXPECT_EQ(judged(gaps, false), Judgement::incomparable);
  EXPECT_EQ(judged(gaps, true), Judgement::differ) << "contiguous inputs raise, too";
  EXPECT_EQ(judged(case_of(clone, 1), false), Judgement::differ) << "the input is contiguous";
}

TEST(NegOracle, WriteOutsideOfAllViewsIsADivergence) {
  constexpr std::string_view squeeze = "aten::squeeze_(Tensor(a!) self) -> Tensor(a!)";
  Outcome writes = outcome_of(1);
  writes.calls[0].changed_storages = {0};
  const Verdict verdict =
      neg_of(case_of(squeeze, 1), squeeze, by_layer(LayerKind::neg, writes, outcome_of(1)));
  EXPECT_EQ(verdict.judgement, Judgement::differ);
  EXPECT_EQ(verdict.divergence.kind, Kind::mutation);
  EXPECT_EQ(verdict.divergence.place, (Place{Part::storage, 0}));
}

TEST(NegOracle, SignsOfZeroPartsOfComplexNumbersMayChange) {
  constexpr std::string_view in_place = "aten::clone(Tensor(a!) a) -> Tensor(a!)";
  corpora::Case c = case_of(in_place, 1);
  Outcome negative = outcome_of(-0.0f);
  negative.calls[0].changed_storages = {0};
  const auto sign_changes = by_layer(LayerKind::neg, negative, outcome_of(0));
  EXPECT_EQ(neg_of(c, in_place, sign_changes).judgement, Judgement::differ);
  c.storages[0].dtype = engine::DType::c64;
  EXPECT_EQ(neg_of(c, in_place, sign_changes).judgement, Judgement::agree);
}

TEST(NegOracle, StridesOfACopyOfAViewWithGapsAreNotCompared) {
  const TensorSnapshot plain = f32_tensor({2, 2}, {1, 1, 1, 1});
  TensorSnapshot transposed = plain;
  transposed.strides = {1, 2};
  const auto strides_change = by_layer(LayerKind::neg, outcome_of(transposed), outcome_of(plain));
  corpora::Case c = case_of(clone, 1, 8);
  c.inputs[0] = {0, {2, 2}, {4, 2}, 0};
  EXPECT_EQ(neg_of(c, clone, strides_change).judgement, Judgement::agree);
  c.inputs[0] = {0, {2, 2}, {1, 2}, 0};
  EXPECT_EQ(neg_of(c, clone, strides_change).divergence.kind, Kind::strides);
}

TEST(NegOracle, VersionsAfterAWriteAreCompared) {
  constexpr std::string_view schema = "aten::abs_(Tensor(a!) self) -> Tensor(a!)";
  Outcome bumps = outcome_of(1);
  bumps.calls[0].changes.push_back({0, true, false, 1, f32_tensor({1}, {1}, 0)});
  Outcome forgets = bumps;
  forgets.calls[0].changes[0].version_delta = 0;
  EXPECT_EQ(neg_of(case_of(schema, 1), schema, by_layer(LayerKind::neg, forgets, bumps)).divergence.kind,
            Kind::version);
}

TEST(NegOracle, CallThatWritesNothingNeedNotCountAWrite) {
  constexpr std::string_view schema = "mine::put_(Tensor(a!) self) -> Tensor(a!)";
  Outcome writes_back = outcome_of(1);
  writes_back.calls[0].changes.push_back({0, false, false, 1, f32_tensor({1}, {0}, 0)});
  const Outcome writes_nothing = outcome_of(1);
  EXPECT_EQ(
      neg_of(case_of(schema, 1), schema, by_layer(LayerKind::neg, writes_back, writes_nothing)).judgement,
      Judgement::agree);
}

TEST(Effects, DenseViewHasNoGapsAndNoOverlap) {
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
