// state, determinism, boxing, and the table of all oracles.
#include <gtest/gtest.h>

#include <memory>
#include <set>

#include "engine/core/input_error.h"
#include "oracles/checks.h"
#include "oracles/compare/spelling.h"
#include "oracles/oracle.h"
#include "oracles/planted/planted.h"
#include "oracles/trial/scripted_subject.h"

namespace oracles {
namespace {

using corpora::LayerKind;

Outcome shows(float x) { return outcome_of({returning({f32_tensor({1}, {x})})}); }

template <class Check>
Verdict checked(Check check, const std::string& schema, const ScriptedSubject::Script& run) {
  ScriptedSubject subject({schema}, run);
  const corpora::Case c = case_of(schema.substr(0, schema.find('(')), 1);
  Trial trial(subject, c);
  return check(trial);
}

TEST(StateOracle, ALeakDiffersAlsoAfterAnError) {
  const auto leaking = [](auto&, auto&, auto&) {
    Outcome outcome = outcome_of({raising("no")});
    outcome.state = {"excluded: none", "excluded: Negative"};
    return outcome;
  };
  const Verdict verdict = checked(check_state, "m::f(Tensor a) -> Tensor", leaking);
  EXPECT_EQ(verdict.judgement, Judgement::differ);
  EXPECT_EQ(verdict.divergence.kind, Kind::state);
  EXPECT_EQ(spelling_of(verdict.divergence.right), "excluded: Negative");
}

TEST(StateOracle, AKeptStateAgrees) {
  EXPECT_EQ(checked(check_state, "m::f(Tensor a) -> Tensor", [](auto&, auto&, auto&) { return shows(1); })
                .judgement,
            Judgement::agree);
  EXPECT_EQ(checked(check_state, "m::f(Tensor a) -> Tensor",
                    [](auto&, auto&, auto&) { return outcome_of({raising("no")}); })
                .judgement,
            Judgement::both_raised);
}

const auto shows_memory = [](auto&, auto&, const corpora::Path& path) {
  return shows(has_layer(path, LayerKind::pattern) ? 1.0f : 2.0f);
};

TEST(DeterminismOracle, ShownMemoryDiffers) {
  const Verdict verdict = checked(check_determinism, "m::f(Tensor a) -> Tensor", shows_memory);
  EXPECT_EQ(verdict.judgement, Judgement::differ);
  EXPECT_EQ(verdict.divergence.kind, Kind::nondeterminism);
  EXPECT_TRUE(verdict.divergence.uninitialised);
  EXPECT_EQ(corpora::to_string(verdict.right), "pattern");
}

TEST(DeterminismOracle, WhatIsUninitialisedByContractIsIncomparable) {
  EXPECT_EQ(checked(check_determinism, "aten::empty_like(Tensor self) -> Tensor", shows_memory).judgement,
            Judgement::incomparable);
}

TEST(DeterminismOracle, WhatDiffersFromRunToRunIsNotMemory) {
  auto runs = std::make_shared<int>(0);
  const Verdict verdict = checked(check_determinism, "m::f(Tensor a) -> Tensor",
                                  [runs](auto&, auto&, auto&) { return shows(static_cast<float>(++*runs)); });
  EXPECT_EQ(verdict.divergence.kind, Kind::nondeterminism);
  EXPECT_FALSE(verdict.divergence.uninitialised);
}

TEST(BoxingOracle, IdentityCountsWhateverTheSchemaSays) {
  const Verdict verdict =
      checked(check_boxing, "m::f(Tensor a) -> Tensor", [](auto&, auto&, const corpora::Path& path) {
        TensorSnapshot t = f32_tensor({1}, {1}, 0);
        t.same_as_input = has_layer(path, LayerKind::typed) ? 0 : -1;
        return outcome_of({returning({t})});
      });
  EXPECT_EQ(verdict.divergence.kind, Kind::identity);
}

TEST(BoxingOracle, SignaturesWithoutATypedCallAreRefused) {
  ScriptedSubject subject({"m::f(Tensor a) -> Tensor"}, [](auto&, auto&, auto&) { return shows(1); });
  subject.refused_paths = {"typed"};
  const corpora::Case c = case_of("m::f", 1);
  Trial trial(subject, c);
  EXPECT_EQ(check_boxing(trial).judgement, Judgement::refused);
  EXPECT_TRUE(subject.walked.empty());
}

TEST(Table, StateRidesFirst) { EXPECT_EQ(all_oracles().front().name, "state"); }

TEST(Table, NamesAreUniqueAndEveryOracleHasAPlantedMistake) {
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
  for (int i = 0; i <= static_cast<int>(Kind::memory); ++i) {
    Kind kind = Kind::value;
    ASSERT_TRUE(kind_named(name_of(static_cast<Kind>(i)), kind));
    EXPECT_EQ(static_cast<int>(kind), i);
  }
  Kind kind = Kind::value;
  EXPECT_FALSE(kind_named("nothing", kind));
  EXPECT_EQ(to_string(Signature{"torch", "zero", "aten::exp", Kind::strides}),
            "torch/zero/aten::exp/strides");
}

}  // namespace
}  // namespace oracles
