#include <gtest/gtest.h>

#include <csignal>

#include "oracles/isolation/child.h"
#include "oracles/oracle_checks.h"
#include "oracles/trial/scripted_subject.h"

namespace oracles {
namespace {

using corpora::LayerKind;

constexpr std::string_view exp_schema = "aten::exp(Tensor self) -> Tensor";
constexpr std::string_view abs_schema = "aten::abs_(Tensor(a!) self) -> Tensor(a!)";
constexpr std::string_view abs_out_schema = "aten::abs.out(Tensor self, *, Tensor(a!) out) -> Tensor(a!)";

Verdict checked(const corpora::Case& c, std::string_view schema, const Outcome& engine, const Outcome& peer) {
  return run_check(check_peer, c, {schema}, by_layer(LayerKind::peer, peer, engine));
}
Verdict checked(const Outcome& engine, const Outcome& peer) {
  return checked(case_of(exp_schema, 1, 1), exp_schema, engine, peer);
}

TEST(PeerOracle, EqualOutcomesAgree) {
  const Verdict verdict = checked(outcome_of(1), outcome_of(1));
  EXPECT_EQ(verdict.judgement, Judgement::agree);
  EXPECT_EQ(corpora::to_string(verdict.right), "peer");
}

TEST(PeerOracle, DifferentValueIsADivergence) {
  const Verdict verdict = checked(outcome_of(1), outcome_of(2));
  ASSERT_EQ(verdict.judgement, Judgement::differ);
  EXPECT_EQ(verdict.divergence.kind, Kind::value);
}

TEST(PeerOracle, DifferenceWithinToleranceAgrees) {
  EXPECT_EQ(checked(outcome_of(1), outcome_of(1 + 4 * 0x1p-23F)).judgement, Judgement::agree);
  EXPECT_EQ(checked(outcome_of(1), outcome_of(1 + 5 * 0x1p-23F)).judgement, Judgement::differ);
}

TEST(PeerOracle, DifferentStridesAndAliasesAreDivergences) {
  TensorSnapshot ours = f32_tensor({2, 2}, {1, 2, 3, 4}), theirs = ours;
  theirs.strides = {1, 2};
  EXPECT_EQ(checked(outcome_of(ours), outcome_of(theirs)).divergence.kind, Kind::strides);
  theirs = ours;
  theirs.storage = 0;
  EXPECT_EQ(checked(outcome_of(ours), outcome_of(theirs)).divergence.kind, Kind::alias);
}

TEST(PeerOracle, ErrorOfOneSideIsADivergenceWhateverItsMessage) {
  const Outcome raises = outcome_of({raising("the input must be contiguous")});
  EXPECT_EQ(checked(raises, outcome_of(1)).divergence.kind, Kind::error);
  EXPECT_EQ(checked(outcome_of(1), raises).divergence.kind, Kind::error);
  EXPECT_EQ(checked(raises, outcome_of({raising("another reason")})).judgement, Judgement::both_raised);
}

TEST(PeerOracle, WriteWithoutANewVersionIsADivergence) {
  CallOutcome ours = returning({f32_tensor({1}, {1}, 0)});
  ours.changes.push_back({0, true, false, 1, f32_tensor({1}, {1}, 0)});
  CallOutcome theirs = ours;
  theirs.changes[0].version_delta = 0;
  const corpora::Case c = case_of("aten::abs_", 1, 1);
  EXPECT_EQ(checked(c, abs_schema, outcome_of({ours}), outcome_of({theirs})).divergence.kind, Kind::version);
}

TEST(PeerOracle, MissingKernelOfThePeerIsAGap) {
  const Outcome missing = outcome_of({raising("\"exp\" not implemented", Status::not_implemented)});
  EXPECT_EQ(checked(outcome_of(1), missing).judgement, Judgement::gap);
}

TEST(PeerOracle, FailureOfThePeerAloneIsIncomparable) {
  EXPECT_EQ(checked(outcome_of(1), outcome_of({raising("no memory", Status::over_memory)})).judgement,
            Judgement::incomparable);
  Death death;
  death.side.end = End::crashed;
  death.side.signal = SIGSEGV;
  const Verdict verdict = verdict_of(death, "aten::exp", {{LayerKind::peer}});
  EXPECT_EQ(verdict.judgement, Judgement::incomparable);
  EXPECT_EQ(verdict.why, "SIGSEGV");
  EXPECT_EQ(verdict_of(death, "aten::exp", {}).judgement, Judgement::crash);
}

// The input and out are two views of one storage, `step` elements apart.
corpora::Case two_views(int64_t step) {
  corpora::Case c = case_of("aten::abs.out", 2, 4);
  c.storages[0].elements = 8;
  c.inputs[0] = {0, {4}, {1}, 0};
  c.inputs[1] = {0, {4}, {1}, step};
  return c;
}

TEST(PeerOracle, WriteIntoAnInputIsIncomparable) {
  const auto judged = [](int64_t step) {
    const auto values = [](float x) { return outcome_of(f32_tensor({4}, {x, x, x, x}, 0)); };
    return checked(two_views(step), abs_out_schema, values(1), values(2)).judgement;
  };
  EXPECT_EQ(judged(2), Judgement::incomparable);
  EXPECT_EQ(judged(4), Judgement::differ) << "the views do not overlap";
}

TEST(PeerOracle, OutThatGrowsOverAnInputIsIncomparable) {
  corpora::Case c = two_views(4);
  c.inputs[1] = {0, {1}, {1}, 0};
  c.inputs[0] = {0, {4}, {1}, 1};
  CallOutcome ours = returning({f32_tensor({4}, {1, 1, 1, 1}, 0)});
  CallOutcome theirs = returning({f32_tensor({4}, {2, 2, 2, 2}, 0)});
  EXPECT_EQ(checked(c, abs_out_schema, outcome_of({ours}), outcome_of({theirs})).judgement,
            Judgement::differ);
  for (CallOutcome* call : {&ours, &theirs}) {
    TensorSnapshot grown = f32_tensor({4}, {1, 1, 1, 1}, 0);
    call->changes.push_back({1, true, true, 1, grown});
  }
  EXPECT_EQ(checked(c, abs_out_schema, outcome_of({ours}), outcome_of({theirs})).judgement,
            Judgement::incomparable);
}

TEST(PeerOracle, SubjectWithoutAPeerIsRefused) {
  ScriptedSubject subject({exp_schema}, always(outcome_of(1)));
  subject.refused_paths = {"peer"};
  const corpora::Case c = case_of("aten::exp", 1, 1);
  Trial trial(subject, c);
  EXPECT_EQ(check_peer(trial).judgement, Judgement::refused);
  EXPECT_FALSE(subject.no_peer().empty());
}

}  // namespace
}  // namespace oracles
