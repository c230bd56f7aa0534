// The oracles state, determinism and boxing, and the table of oracles.
#include <gtest/gtest.h>

#include <set>

#include "engine/core/input_error.h"
#include "oracles/compare/spelling.h"
#include "oracles/oracle.h"
#include "oracles/oracle_checks.h"
#include "oracles/planted/planted.h"
#include "oracles/trial/scripted_subject.h"

namespace oracles {
namespace {

using corpora::LayerKind;

constexpr std::string_view schema = "m::f(Tensor a) -> Tensor";

TEST(StateOracle, ChangedStateIsADivergenceAlsoAfterAnError) {
  Outcome leaking = outcome_of({raising("no")});
  leaking.state = {"excluded: none", "excluded: Negative"};
  const Verdict verdict = run_check(check_state, schema, always(leaking));
  EXPECT_EQ(verdict.judgement, Judgement::differ);
  EXPECT_EQ(verdict.divergence.kind, Kind::state);
  EXPECT_EQ(spelling_of(verdict.divergence.right), "excluded: Negative");
}

TEST(StateOracle, UnchangedStateAgrees) {
  EXPECT_EQ(run_check(check_state, schema, always(outcome_of(1))).judgement, Judgement::agree);
  EXPECT_EQ(run_check(check_state, schema, always(outcome_of({raising("no")}))).judgement,
            Judgement::both_raised);
}

const auto reads_memory = by_layer(LayerKind::pattern, outcome_of(1), outcome_of(2));

TEST(DeterminismOracle, UninitialisedResultIsADivergence) {
  const Verdict verdict = run_check(check_determinism, schema, reads_memory);
  EXPECT_EQ(verdict.judgement, Judgement::differ);
  EXPECT_EQ(verdict.divergence.kind, Kind::nondeterminism);
  EXPECT_TRUE(verdict.divergence.uninitialised);
  EXPECT_EQ(corpora::to_string(verdict.right), "pattern");
}

TEST(DeterminismOracle, ResultThatIsUninitialisedByContractIsIncomparable) {
  EXPECT_EQ(run_check(check_determinism, "aten::empty_like(Tensor self) -> Tensor", reads_memory).judgement,
            Judgement::incomparable);
}

TEST(DeterminismOracle, DifferenceOfEveryRunIsNotUninitialisedMemory) {
  float runs = 0;
  const Verdict verdict =
      run_check(check_determinism, schema, [&](auto&, auto&, auto&) { return outcome_of(++runs); });
  EXPECT_EQ(verdict.divergence.kind, Kind::nondeterminism);
  EXPECT_FALSE(verdict.divergence.uninitialised);
}

TEST(BoxingOracle, UndeclaredIdentityIsCompared) {
  const TensorSnapshot view = f32_tensor({1}, {1}, 0);
  TensorSnapshot itself = view;
  itself.same_as_input = 0;
  const auto run = by_layer(LayerKind::typed, outcome_of(itself), outcome_of(view));
  EXPECT_EQ(run_check(check_boxing, schema, run).divergence.kind, Kind::identity);
}

TEST(BoxingOracle, SignatureWithoutATypedCallIsRefused) {
  ScriptedSubject subject({schema}, always(outcome_of(1)));
  subject.refused_paths = {"typed"};
  const corpora::Case c = case_of(schema, 1);
  Trial trial(subject, c);
  EXPECT_EQ(check_boxing(trial).judgement, Judgement::refused);
  EXPECT_TRUE(subject.paths.empty());
}

TEST(Table, StateIsFirst) { EXPECT_EQ(all_oracles().front().name, "state"); }

TEST(Table, NamesAreUniqueAndEveryOracleHasAPlantedBug) {
  std::set<std::string_view> names;
  for (const Oracle& oracle : all_oracles()) {
    EXPECT_TRUE(names.insert(oracle.name).second) << oracle.name;
    EXPECT_FALSE(oracle.planted.empty()) << oracle.name;
    EXPECT_FALSE(oracle.promise.empty()) << oracle.name;
    EXPECT_GT(oracle.reach_floor, 0) << oracle.name;
  }
  for (const Planted& planted : all_planted()) EXPECT_TRUE(names.count(planted.oracle)) << planted.name;
}

TEST(Table, OraclesAreSelectedInTableOrder) {
  const auto selected = select_oracles("neg,zero");
  ASSERT_EQ(selected.size(), 2u);
  EXPECT_EQ(selected[0]->name, "zero");
  EXPECT_EQ(selected[1]->name, "neg");
  EXPECT_EQ(select_oracles("all").size(), all_oracles().size());
  EXPECT_THROW(select_oracles("zero,nothing"), engine::InputError);
  EXPECT_THROW(select_oracles(""), engine::InputError);
}

TEST(Names, KindsReadBack) {
  for (int i = 0; i <= static_cast<int>(Kind::memory); ++i)
    EXPECT_EQ(kind_named(name_of(static_cast<Kind>(i))), static_cast<Kind>(i));
  EXPECT_FALSE(kind_named("nothing"));
  EXPECT_EQ(to_string(Signature{"torch", "zero", "aten::exp", Kind::strides}),
            "torch/zero/aten::exp/strides");
}

}  // namespace
}  // namespace oracles
