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

Outcome shows(const std::vector<float>& values) {
  return outcome_of(f32_tensor({static_cast<int64_t>(values.size())}, values));
}

const Relation to_typed{{}, {{LayerKind::typed}}, {}};

// The direct run (left) and the typed call (right).
Verdict judged(std::string_view schema, const ScriptedSubject::Script& run, const Comparison& rules = {}) {
  ScriptedSubject subject({schema}, run);
  const corpora::Case c = case_of(schema, 1);
  Trial trial(subject, c);
  Relation relation = to_typed;
  relation.rules = rules;
  return judge(trial, relation);
}
Verdict judged(std::string_view schema, const Outcome& left, const Outcome& right,
               const Comparison& rules = {}) {
  return judged(schema, by_layer(LayerKind::typed, right, left), rules);
}

TEST(Relation, EqualSidesNeedTwoRuns) {
  ScriptedSubject subject({unlisted}, always(shows({1, 2})));
  const corpora::Case c = case_of(unlisted, 1);
  Trial trial(subject, c);
  EXPECT_EQ(judge(trial, to_typed).judgement, Judgement::agree);
  EXPECT_EQ(subject.paths, (std::vector<std::string>{"direct", "typed"}));
}

TEST(Relation, PathThatTheSubjectRefusesIsRefused) {
  ScriptedSubject subject({unlisted}, always(shows({1})));
  subject.refused_paths = {"typed"};
  const corpora::Case c = case_of(unlisted, 1);
  Trial trial(subject, c);
  const Verdict verdict = judge(trial, to_typed);
  EXPECT_EQ(verdict.judgement, Judgement::refused);
  EXPECT_EQ(verdict.why, "refused by the test");
  EXPECT_TRUE(subject.paths.empty());
}

TEST(Relation, DivergenceNamesOperatorPathsAndTier) {
  const Verdict verdict = judged(copies, shows({1, 2}), shows({1, 3}));
  EXPECT_EQ(verdict.judgement, Judgement::differ);
  EXPECT_EQ(verdict.divergence.kind, Kind::value);
  EXPECT_EQ(verdict.divergence.op, "aten::clone");
  EXPECT_EQ(verdict.divergence.tier, Tier::t0);
  EXPECT_EQ(corpora::to_string(verdict.right), "typed");
  EXPECT_FALSE(verdict.divergence.uninitialised);
}

TEST(Relation, TierOfTheOperatorDecides) {
  const auto close = by_layer(LayerKind::typed, shows({1.0000001f}), shows({1}));
  EXPECT_EQ(judged(unlisted, close).judgement, Judgement::agree);
  EXPECT_GT(judged(unlisted, close).worst_share, 0);
  EXPECT_EQ(judged(copies, close).judgement, Judgement::differ);
  const auto far = by_layer(LayerKind::typed, shows({7}), shows({1}));
  EXPECT_EQ(judged(unlisted, far).judgement, Judgement::differ);
  EXPECT_EQ(judged(unlisted, far).divergence.tier, Tier::t3);
  EXPECT_GT(judged(unlisted, far).divergence.bound, 0);
  EXPECT_EQ(judged(unstable, far).judgement, Judgement::incomparable);
}

TEST(Relation, MetadataOfIllConditionedResultsAreCompared) {
  TensorSnapshot right = f32_tensor({2, 2}, {4, 3, 2, 1});
  right.strides = {1, 2};
  const Verdict verdict = judged(unstable, outcome_of(f32_tensor({2, 2}, {1, 2, 3, 4})), outcome_of(right));
  EXPECT_EQ(verdict.judgement, Judgement::differ);
  EXPECT_EQ(verdict.divergence.kind, Kind::strides);
}

Outcome sorted(const std::vector<float>& values, const std::vector<int64_t>& indices) {
  Outcome outcome = shows(values);
  Result& result = outcome.calls[0].results.emplace_back(outcome.calls[0].results[0]);
  result.tensor.dtype = engine::DType::i64;
  result.tensor.storage += 1;
  result.tensor.values = bytes_of(indices);
  return outcome;
}

TEST(Relation, OrderOfEqualElementsIsNotSpecified) {
  constexpr std::string_view sort = "aten::sort(Tensor a) -> (Tensor values, Tensor indices)";
  constexpr std::string_view median = "aten::median.dim(Tensor a) -> (Tensor values, Tensor indices)";
  const Outcome left = sorted({1, 1}, {0, 1});
  EXPECT_EQ(judged(sort, left, sorted({1, 1}, {1, 0})).judgement, Judgement::incomparable);
  EXPECT_EQ(judged(sort, left, sorted({1, 2}, {0, 1})).judgement, Judgement::differ);
  EXPECT_EQ(judged(median, left, sorted({1, 1}, {1, 0})).judgement, Judgement::differ);
}

TEST(Relation, OrderOfAStableSortIsCompared) {
  constexpr std::string_view schema = "aten::argsort.stable(Tensor a, *, bool stable) -> Tensor";
  for (const bool stable : {false, true}) {
    const auto indices = [](const std::vector<int64_t>& order) {
      Outcome outcome = sorted({}, order);
      outcome.calls[0].results.erase(outcome.calls[0].results.begin());
      outcome.calls[0].results[0].tensor.sizes = {2};
      return outcome;
    };
    ScriptedSubject subject({schema}, by_layer(LayerKind::typed, indices({1, 0}), indices({0, 1})));
    corpora::Case c = case_of(schema, 1);
    c.calls[0].arguments.push_back(corpora::Value::of_boolean(stable));
    Trial trial(subject, c);
    EXPECT_EQ(judge(trial, to_typed).judgement, stable ? Judgement::differ : Judgement::incomparable);
  }
}

TEST(Relation, LeftSideThatReadsFreshMemoryIsIncomparable) {
  const Verdict verdict = judged(copies, [](auto&, auto&, const corpora::Path& path) {
    if (has_layer(path, LayerKind::typed)) return shows({1});
    return has_layer(path, LayerKind::pattern) ? shows({5}) : shows({6});
  });
  EXPECT_EQ(verdict.judgement, Judgement::incomparable);
}

TEST(Relation, RightSideThatReadsFreshMemoryIsADivergence) {
  const Verdict verdict = judged(unlisted, [](auto&, auto&, const corpora::Path& path) {
    if (!has_layer(path, LayerKind::typed)) return shows({1});
    return has_layer(path, LayerKind::pattern) ? shows({1.0000002f}) : shows({1.0000001f});
  });
  EXPECT_EQ(verdict.judgement, Judgement::differ);
  EXPECT_TRUE(verdict.divergence.uninitialised);
}

TEST(Relation, OverflowOfASumIsIncomparable) {
  const auto overflows =
      by_layer(LayerKind::typed, shows({std::numeric_limits<float>::quiet_NaN(), 3e38f}), shows({1, 3e38f}));
  EXPECT_EQ(judged(unlisted, overflows).judgement, Judgement::incomparable);
  EXPECT_EQ(judged(copies, overflows).judgement, Judgement::differ);
}

TEST(Relation, UndeclaredAliasingIsNotCompared) {
  const auto run =
      by_layer(LayerKind::typed, outcome_of(f32_tensor({1}, {1}, 1)), outcome_of(f32_tensor({1}, {1}, 0)));
  EXPECT_EQ(judged("mine::op(Tensor a) -> Tensor", run).judgement, Judgement::agree);
  EXPECT_EQ(judged("mine::op(Tensor(a) a) -> Tensor(a)", run).divergence.kind, Kind::alias);
}

TEST(Relation, GeometryOfUndeclaredAliasesIsNotCompared) {
  TensorSnapshot view = f32_tensor({2, 2}, {1, 2, 3, 4}, 0);
  view.strides = {1, 2};
  view.offset = 3;
  const auto run =
      by_layer(LayerKind::typed, outcome_of(f32_tensor({2, 2}, {1, 2, 3, 4}, 1)), outcome_of(view));
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
    return judge(trial, to_typed).judgement;
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
  EXPECT_EQ(judged(unlisted, outcome_of({refusal}), shows({1})).judgement, Judgement::incomparable);
}

TEST(Relation, StridesOfResizedInputsAreIgnoredOnRequest) {
  TensorSnapshot plain = f32_tensor({2, 2}, {1, 2, 3, 4}, 0);
  plain.same_as_input = 0;
  TensorSnapshot transposed = plain;
  transposed.strides = {1, 2};
  constexpr std::string_view in_place = "mine::op(Tensor(a!) a) -> Tensor(a!)";
  Comparison rules;
  EXPECT_EQ(judged(in_place, outcome_of(plain), outcome_of(transposed), rules).divergence.kind,
            Kind::strides);
  rules.resized_strides = false;  // the input has three elements before the call
  EXPECT_EQ(judged(in_place, outcome_of(plain), outcome_of(transposed), rules).judgement, Judgement::agree);
}

TEST(Relation, F64ResultOfF32OperandsHasTheBoundOfF32) {
  const auto f64_result = [](double x) {
    TensorSnapshot t = f32_tensor({1}, {0});
    t.dtype = engine::DType::f64;
    t.values = bytes_of<double>({x});
    return outcome_of(t);
  };
  EXPECT_EQ(judged("aten::exp(Tensor a) -> Tensor", f64_result(1.0), f64_result(1.0 + 0x1p-23)).judgement,
            Judgement::agree);
}

TEST(Relation, UnstableOperatorIsRefusedEarly) {
  constexpr std::string_view schema = "aten::histogramdd(Tensor a) -> Tensor";
  ScriptedSubject subject({schema}, always(shows({1})));
  const corpora::Case c = case_of(schema, 1);
  Trial trial(subject, c);
  EXPECT_EQ(early_verdict(trial).value().judgement, Judgement::refused);
}

TEST(Relation, MemoryOfTheRightSideIsADetection) {
  const Outcome large = outcome_of({raising("7 GiB", Status::over_memory)});
  const Verdict right = judged(unlisted, shows({1}), large);
  EXPECT_EQ(right.judgement, Judgement::memory);
  EXPECT_TRUE(right.is_detection());
  EXPECT_EQ(judged(unlisted, large, large).judgement, Judgement::over_budget);
}

TEST(Relation, ChangedThreadStateOfTheRightSideIsADivergence) {
  const auto judged_with = [](const ThreadState& left, const ThreadState& right) {
    Outcome sides[2] = {shows({1}), shows({1})};
    sides[0].state = left;
    sides[1].state = right;
    return judged(copies, sides[0], sides[1]);
  };
  EXPECT_EQ(judged_with({"a", "a"}, {"a", "a"}).judgement, Judgement::agree);
  const Verdict verdict = judged_with({"a", "a"}, {"a", "b"});
  EXPECT_EQ(verdict.judgement, Judgement::differ);
  EXPECT_EQ(verdict.divergence.kind, Kind::state);
  EXPECT_EQ(verdict.divergence.op, "aten::clone");
  EXPECT_EQ(judged_with({"a", "b"}, {"a", "b"}).judgement, Judgement::agree)
      << "a finding of the oracle state";
}

TEST(Trial, DirectRunIsMadeOnceAndJournalled) {
  ScriptedSubject subject({unlisted}, always(shows({1})));
  const corpora::Case c = case_of("mine::op", 1);
  Trial trial(subject, c);
  std::vector<std::string> journal;
  trial.before_run = [&](const corpora::Path& path) { journal.push_back(corpora::to_string(path)); };
  trial.direct();
  trial.direct();
  trial.direct_other_pattern();
  trial.run(c, {}, {{LayerKind::form, 3}});
  EXPECT_EQ(journal, (std::vector<std::string>{"direct", "pattern", "form(3)"}));
}

TEST(Trial, ChoicesDependOnTheContentOnly) {
  ScriptedSubject subject({unlisted}, always(shows({1})));
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

TEST(Trial, UnknownOperatorIsAnInputError) {
  ScriptedSubject subject({unlisted}, always(shows({1})));
  const corpora::Case unknown = case_of("mine::other", 1), too_many = case_of("mine::op", 2);
  EXPECT_THROW(Trial(subject, unknown), engine::InputError);
  EXPECT_THROW(Trial(subject, too_many), engine::InputError);
}

}  // namespace
}  // namespace oracles
