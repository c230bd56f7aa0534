#include "oracles/relations/relation.h"

#include <gtest/gtest.h>

#include <limits>

#include "engine/core/input_error.h"
#include "oracles/trial/scripted_subject.h"
#include "oracles/trial/verdicts.h"

namespace oracles {
namespace {

using corpora::LayerKind;

constexpr std::string_view unlisted = "mine::op(Tensor a) -> Tensor";
constexpr std::string_view copies = "aten::clone(Tensor a) -> Tensor";
constexpr std::string_view unstable = "aten::linalg_svd(Tensor a) -> Tensor";

Outcome shows(std::vector<float> values) {
  const auto count = static_cast<int64_t>(values.size());
  return outcome_of({returning({f32_tensor({count}, values)})});
}

// Left direct, right typed: judged with what `run` returns.
Verdict judged(std::string_view schema, const ScriptedSubject::Script& run, const Comparison& rules = {}) {
  ScriptedSubject subject({schema}, run);
  const corpora::Case c = case_of(std::string(schema.substr(0, schema.find('('))), 1);
  Trial trial(subject, c);
  Relation relation;
  relation.right = {{LayerKind::typed}};
  relation.rules = rules;
  return judge(trial, relation);
}

TEST(Relation, BitForBitNeedsTwoRunsOnly) {
  ScriptedSubject subject({unlisted}, [](auto&, auto&, auto&) { return shows({1, 2}); });
  const corpora::Case c = case_of("mine::op", 1);
  Trial trial(subject, c);
  Relation relation;
  relation.right = {{LayerKind::typed}};
  EXPECT_EQ(judge(trial, relation).judgement, Judgement::agree);
  EXPECT_EQ(subject.walked, (std::vector<std::string>{"direct", "typed"}));
}

TEST(Relation, APathThatTheSubjectRefusesIsRefused) {
  ScriptedSubject subject({unlisted}, [](auto&, auto&, auto&) { return shows({1}); });
  subject.refused_paths = {"typed"};
  const corpora::Case c = case_of("mine::op", 1);
  Trial trial(subject, c);
  Relation relation;
  relation.right = {{LayerKind::typed}};
  const Verdict verdict = judge(trial, relation);
  EXPECT_EQ(verdict.judgement, Judgement::refused);
  EXPECT_EQ(verdict.why, "refused by the script");
  EXPECT_TRUE(subject.walked.empty());
}

TEST(Relation, ADifferenceNamesOperatorPathsAndTier) {
  const Verdict verdict = judged(copies, [](auto&, auto&, const corpora::Path& path) {
    return has_layer(path, LayerKind::typed) ? shows({1, 3}) : shows({1, 2});
  });
  EXPECT_EQ(verdict.judgement, Judgement::differ);
  EXPECT_EQ(verdict.divergence.kind, Kind::value);
  EXPECT_EQ(verdict.divergence.op, "aten::clone");
  EXPECT_EQ(verdict.divergence.tier, Tier::t0);
  EXPECT_EQ(corpora::to_string(verdict.right), "typed");
  EXPECT_FALSE(verdict.divergence.uninitialised);
}

TEST(Relation, TheTierOfTheOperatorDecides) {
  const auto close = [](auto&, auto&, const corpora::Path& path) {
    return has_layer(path, LayerKind::typed) ? shows({1.0000001f}) : shows({1});
  };
  EXPECT_EQ(judged(unlisted, close).judgement, Judgement::agree);
  EXPECT_GT(judged(unlisted, close).worst_share, 0);
  EXPECT_EQ(judged(copies, close).judgement, Judgement::differ);
  const auto far = [](auto&, auto&, const corpora::Path& path) {
    return has_layer(path, LayerKind::typed) ? shows({7}) : shows({1});
  };
  EXPECT_EQ(judged(unlisted, far).judgement, Judgement::differ);
  EXPECT_EQ(judged(unlisted, far).divergence.tier, Tier::t3);
  EXPECT_GT(judged(unlisted, far).divergence.bound, 0);
  EXPECT_EQ(judged(unstable, far).judgement, Judgement::incomparable);
}

TEST(Relation, IllConditionedValuesDoNotHideMetadata) {
  const Verdict verdict = judged(unstable, [](auto&, auto&, const corpora::Path& path) {
    TensorSnapshot t = f32_tensor({2, 2}, {1, 2, 3, 4});
    if (!has_layer(path, LayerKind::typed)) return outcome_of({returning({t})});
    t.strides = {1, 2};
    t.values = bytes_of<float>({4, 3, 2, 1});
    return outcome_of({returning({t})});
  });
  EXPECT_EQ(verdict.judgement, Judgement::differ);
  EXPECT_EQ(verdict.divergence.kind, Kind::strides);
}

TEST(Relation, ALeftSideThatShowsFreshMemoryIsIncomparable) {
  const Verdict verdict = judged(copies, [](auto&, auto&, const corpora::Path& path) {
    if (has_layer(path, LayerKind::typed)) return shows({1});
    return has_layer(path, LayerKind::pattern) ? shows({5}) : shows({6});
  });
  EXPECT_EQ(verdict.judgement, Judgement::incomparable);
}

TEST(Relation, ARightSideThatShowsFreshMemoryDiffers) {
  const Verdict verdict = judged(unlisted, [](auto&, auto&, const corpora::Path& path) {
    if (!has_layer(path, LayerKind::typed)) return shows({1});
    return has_layer(path, LayerKind::pattern) ? shows({1.0000002f}) : shows({1.0000001f});
  });
  EXPECT_EQ(verdict.judgement, Judgement::differ);
  EXPECT_TRUE(verdict.divergence.uninitialised);
}

TEST(Relation, OverflowMayDependOnTheOrderOfSumming) {
  const auto overflows = [](auto&, auto&, const corpora::Path& path) {
    return has_layer(path, LayerKind::typed) ? shows({std::numeric_limits<float>::quiet_NaN(), 3e38f})
                                             : shows({1, 3e38f});
  };
  EXPECT_EQ(judged(unlisted, overflows).judgement, Judgement::incomparable);
  EXPECT_EQ(judged(copies, overflows).judgement, Judgement::differ);
}

TEST(Relation, AliasingThatNoSchemaPromisesIsNotCompared) {
  const auto run = [](auto&, auto&, const corpora::Path& path) {
    return outcome_of({returning({f32_tensor({1}, {1}, has_layer(path, LayerKind::typed) ? 1 : 0)})});
  };
  EXPECT_EQ(judged("mine::op(Tensor a) -> Tensor", run).judgement, Judgement::agree);
  EXPECT_EQ(judged("mine::op(Tensor(a) a) -> Tensor(a)", run).divergence.kind, Kind::alias);
}

TEST(Relation, WhatUndeclaredSharedMemoryIsLikeIsNoPromise) {
  // The left side returns its very input, a view with an offset; the right side a copy.
  const auto run = [](auto&, auto&, const corpora::Path& path) {
    TensorSnapshot t = f32_tensor({2, 2}, {1, 2, 3, 4}, has_layer(path, LayerKind::typed) ? 1 : 0);
    if (!has_layer(path, LayerKind::typed)) t.strides = {1, 2};
    if (!has_layer(path, LayerKind::typed)) t.offset = 3;
    return outcome_of({returning({t})});
  };
  EXPECT_EQ(judged("mine::op(Tensor a) -> Tensor", run).judgement, Judgement::agree);
  EXPECT_EQ(judged("mine::op(Tensor(a) a) -> Tensor(a)", run).divergence.kind, Kind::strides);
}

// One input, every second element of its storage.
corpora::Case with_gaps() {
  corpora::Case c = case_of("mine::op", 1, 6);
  c.inputs[0] = {0, {3}, {2}, 0};
  return c;
}

TEST(Relation, ErrorThatContiguousInputsDoNotRaiseIsIncomparable) {
  const auto judged_with = [](const corpora::Case& c, bool left_raises, bool always) {
    ScriptedSubject subject({unlisted}, [=](auto&, auto&, const corpora::Path& path) {
      const bool is_left = !has_layer(path, LayerKind::typed);
      const bool raises = is_left == left_raises && (always || !has_layer(path, LayerKind::contiguous));
      return raises ? outcome_of({raising("unsupported")}) : shows({1});
    });
    Trial trial(subject, c);
    Relation relation;
    relation.right = {{LayerKind::typed}};
    return judge(trial, relation).judgement;
  };
  EXPECT_EQ(judged_with(with_gaps(), true, false), Judgement::incomparable);
  EXPECT_EQ(judged_with(with_gaps(), true, true), Judgement::differ) << "contiguous inputs raise, too";
  EXPECT_EQ(judged_with(case_of("mine::op", 1), true, false), Judgement::differ)
      << "the inputs are contiguous";
  EXPECT_EQ(judged_with(with_gaps(), false, false), Judgement::differ) << "only the right side raises";
}

TEST(Relation, ErrorThatTheSubjectCallsALayoutErrorIsIncomparable) {
  CallOutcome refusal = raising("unsupported");
  refusal.cause = ErrorCause::layout;
  const Verdict verdict = judged(unlisted, [&](auto&, auto&, const corpora::Path& path) {
    return has_layer(path, LayerKind::typed) ? shows({1}) : outcome_of({refusal});
  });
  EXPECT_EQ(verdict.judgement, Judgement::incomparable);
}

TEST(Relation, StridesOfAResizedInputMayBeLeftOut) {
  const auto resizing = [](auto&, auto&, const corpora::Path& path) {
    TensorSnapshot t = f32_tensor({2, 2}, {1, 2, 3, 4}, 0);
    t.same_as_input = 0;
    if (has_layer(path, LayerKind::typed)) t.strides = {1, 2};
    return outcome_of({returning({t})});
  };
  constexpr std::string_view in_place = "mine::op(Tensor(a!) a) -> Tensor(a!)";
  Comparison rules;
  EXPECT_EQ(judged(in_place, resizing, rules).divergence.kind, Kind::strides);
  rules.resized_strides = false;  // the input has three elements before the call
  EXPECT_EQ(judged(in_place, resizing, rules).judgement, Judgement::agree);
}

TEST(Relation, PrecisionThatNarrowerOperandsLoseIsAllowed) {
  // An f64 result of f32 operands: computed in f32.
  const auto f64_result = [](double x) {
    TensorSnapshot t = f32_tensor({1}, {0});
    t.dtype = engine::DType::f64;
    t.values = bytes_of<double>({x});
    return outcome_of({returning({t})});
  };
  const auto run = [&](auto&, auto&, const corpora::Path& path) {
    return f64_result(has_layer(path, LayerKind::typed) ? 1.0 + 0x1p-23 : 1.0);
  };
  EXPECT_EQ(judged("aten::exp(Tensor a) -> Tensor", run).judgement, Judgement::agree);
}

TEST(Relation, OperatorsOfWhichNoRunTellsAreRefused) {
  EXPECT_EQ(judged("aten::histogramdd(Tensor a) -> Tensor", [](auto&, auto&, auto&) { return shows({1}); })
                .judgement,
            Judgement::agree);
  ScriptedSubject subject({"aten::histogramdd(Tensor a) -> Tensor"},
                          [](auto&, auto&, auto&) { return shows({1}); });
  const corpora::Case c = case_of("aten::histogramdd", 1);
  Trial trial(subject, c);
  EXPECT_EQ(before_relation(trial).judgement, Judgement::refused);
}

TEST(Relation, ASideOutOfMemoryIsADetectionOnTheRightOnly) {
  const auto large = raising("7 GiB", Status::over_memory);
  const Verdict right = judged(unlisted, [&](auto&, auto&, const corpora::Path& path) {
    return has_layer(path, LayerKind::typed) ? outcome_of({large}) : shows({1});
  });
  EXPECT_EQ(right.judgement, Judgement::memory);
  EXPECT_TRUE(right.is_detection());
  const Verdict left = judged(unlisted, [&](auto&, auto&, auto&) { return outcome_of({large}); });
  EXPECT_EQ(left.judgement, Judgement::over_budget);
}

TEST(Relation, WhatAPathLeavesBehindForTheThreadIsADifference) {
  const auto judged_with = [](const ThreadState& left, const ThreadState& right) {
    return judged(copies, [&](auto&, auto&, const corpora::Path& path) {
      Outcome outcome = shows({1});
      outcome.state = has_layer(path, LayerKind::typed) ? right : left;
      return outcome;
    });
  };
  EXPECT_EQ(judged_with({"a", "a"}, {"a", "a"}).judgement, Judgement::agree);
  const Verdict verdict = judged_with({"a", "a"}, {"a", "b"});
  EXPECT_EQ(verdict.judgement, Judgement::differ);
  EXPECT_EQ(verdict.divergence.kind, Kind::state);
  EXPECT_EQ(verdict.divergence.op, "aten::clone");
  EXPECT_EQ(judged_with({"a", "b"}, {"a", "b"}).judgement, Judgement::agree) << "the oracle state says it";
}

TEST(Trial, TheDirectRunIsMadeOnceAndToldToTheJournal) {
  ScriptedSubject subject({unlisted}, [](auto&, auto&, auto&) { return shows({1}); });
  const corpora::Case c = case_of("mine::op", 1);
  Trial trial(subject, c);
  std::vector<std::string> told;
  trial.before_run = [&](const corpora::Path& path) { told.push_back(corpora::to_string(path)); };
  trial.direct();
  trial.direct();
  trial.direct_other_pattern();
  trial.run(c, {}, {{LayerKind::form, 3}});
  EXPECT_EQ(told, (std::vector<std::string>{"direct", "pattern", "form(3)"}));
}

TEST(Trial, ChoicesDependOnContentAndNotOnTheHeader) {
  ScriptedSubject subject({unlisted}, [](auto&, auto&, auto&) { return shows({1}); });
  corpora::Case c = case_of("mine::op", 1);
  corpora::Case with_header = c;
  with_header.header.oracle = "zero";
  EXPECT_EQ(Trial(subject, c).choices(1).below(1000000),
            Trial(subject, with_header).choices(1).below(1000000));
  corpora::Case other = c;
  other.storages[0].rng_seed = 1;
  EXPECT_NE(content_hash(c), content_hash(other));
  other = c;
  other.inputs[0].offset = 1;
  EXPECT_NE(content_hash(c), content_hash(other));
}

TEST(Trial, AnOperatorThatTheSubjectLacksIsBadInput) {
  ScriptedSubject subject({unlisted}, [](auto&, auto&, auto&) { return shows({1}); });
  const corpora::Case unknown = case_of("mine::other", 1), too_many = case_of("mine::op", 2);
  EXPECT_THROW(Trial(subject, unknown), engine::InputError);
  EXPECT_THROW(Trial(subject, too_many), engine::InputError);
}

}  // namespace
}  // namespace oracles
