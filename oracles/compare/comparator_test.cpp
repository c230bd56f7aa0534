#include "oracles/compare/comparator.h"

#include <gtest/gtest.h>

#include "oracles/compare/divergence_text.h"
#include "oracles/compare/spelling.h"
#include "oracles/trial/scripted_subject.h"

namespace oracles {
namespace {

Kind kind_of(const Outcome& left, const Outcome& right, const Comparison& rules = {}) {
  const Compared compared = compare(left, right, rules);
  EXPECT_EQ(compared.judgement, Judgement::differ);
  return compared.divergence ? compared.divergence->kind : Kind::timeout;
}

Judgement judgement(const Outcome& left, const Outcome& right, const Comparison& rules = {}) {
  return compare(left, right, rules).judgement;
}

TEST(Comparator, EqualOutcomesAgree) {
  EXPECT_EQ(judgement(outcome_of(f32_tensor({2}, {1, 2})), outcome_of(f32_tensor({2}, {1, 2}))),
            Judgement::agree);
}

TEST(Comparator, EachDifferenceHasItsKind) {
  const TensorSnapshot base = f32_tensor({2, 2}, {1, 2, 3, 4});
  const auto changed = [&](auto change) {
    TensorSnapshot t = base;
    change(t);
    return outcome_of(t);
  };
  EXPECT_EQ(kind_of(outcome_of(base), changed([](auto& t) { t.values = bytes_of<float>({1, 2, 3, 5}); })),
            Kind::value);
  EXPECT_EQ(kind_of(outcome_of(base), changed([](auto& t) { t.dtype = engine::DType::i32; })), Kind::dtype);
  EXPECT_EQ(kind_of(outcome_of(base), outcome_of(f32_tensor({4}, {1, 2, 3, 4}))), Kind::sizes);
  EXPECT_EQ(kind_of(outcome_of(base), changed([](auto& t) { t.strides = {1, 2}; })), Kind::strides);
  EXPECT_EQ(kind_of(outcome_of(base), changed([](auto& t) { t.offset = 1; })), Kind::offset);
  EXPECT_EQ(kind_of(outcome_of(base), changed([](auto& t) { t.device = "meta"; })), Kind::device);
  EXPECT_EQ(kind_of(outcome_of(base), changed([](auto& t) { t.storage = 0; })), Kind::alias);
  EXPECT_EQ(kind_of(outcome_of(base), changed([](auto& t) { t.same_as_input = 0; })), Kind::identity);
  EXPECT_EQ(kind_of(outcome_of(base), changed([](auto& t) { t.defined = false; })), Kind::outputs);
  EXPECT_EQ(kind_of(outcome_of(base), outcome_of({returning({base, base})})), Kind::outputs);
}

TEST(Comparator, DisabledRulesCompareNothing) {
  TensorSnapshot other = f32_tensor({2, 2}, {9, 9, 9, 9}, 0);
  other.strides = {1, 2};
  other.offset = 3;
  other.device = "meta";
  other.same_as_input = 1;
  Comparison rules;
  rules.values = rules.strides = rules.offset = rules.device = rules.alias = rules.identity = false;
  EXPECT_EQ(judgement(outcome_of(f32_tensor({2, 2}, {1, 2, 3, 4})), outcome_of(other), rules),
            Judgement::agree);
}

TEST(Comparator, StridesOfSizeOneAndEmptyTensorsAreIgnored) {
  TensorSnapshot unit = f32_tensor({1, 2}, {1, 2}), other_unit = unit;
  other_unit.strides = {7, 1};
  EXPECT_EQ(judgement(outcome_of(unit), outcome_of(other_unit)), Judgement::agree);
  TensorSnapshot empty = f32_tensor({0, 3}, {}), other_empty = empty;
  other_empty.strides = {1, 1};
  other_empty.offset = 5;
  EXPECT_EQ(judgement(outcome_of(empty), outcome_of(other_empty)), Judgement::agree);
}

TEST(Comparator, StridesOfFreshResultsAreIgnoredOnRequest) {
  TensorSnapshot fresh = f32_tensor({2, 2}, {1, 2, 3, 3}, 5), other = fresh;
  fresh.values = other.values = bytes_of<float>({1, 1, 1, 1});
  other.strides = {1, 2};
  Comparison rules;
  rules.fresh_strides = false;
  rules.first_fresh_storage = 2;
  EXPECT_EQ(judgement(outcome_of(fresh), outcome_of(other), rules), Judgement::agree);
  fresh.storage = other.storage = 1;
  EXPECT_EQ(kind_of(outcome_of(fresh), outcome_of(other), rules), Kind::strides);
}

TEST(Comparator, ValuesAreComparedBeforeStrides) {
  TensorSnapshot other = f32_tensor({2, 2}, {9, 2, 3, 4});
  other.strides = {1, 2};
  EXPECT_EQ(kind_of(outcome_of(f32_tensor({2, 2}, {1, 2, 3, 4})), outcome_of(other)), Kind::value);
}

TEST(Comparator, DivergenceNamesTheFirstDifferentElement) {
  const Compared compared =
      compare(outcome_of(f32_tensor({2, 2}, {1, 2, 3, 4})), outcome_of(f32_tensor({2, 2}, {1, 2, 0, 4})), {});
  ASSERT_TRUE(compared.divergence);
  EXPECT_EQ(compared.divergence->place, (Place{Part::result, 0, -1, engine::Dims{1, 0}}));
  EXPECT_EQ(spelling_of(compared.divergence->left), "3");
  EXPECT_EQ(spelling_of(compared.divergence->right), "0");
  EXPECT_EQ(compared.result, 0);
  EXPECT_NE(whole_text(compared.divergence->left).find("[1, 2, 3, 4]"), std::string::npos);
}

TEST(Comparator, DivergenceNamesTheFirstDifferentCall) {
  const CallOutcome a = returning({f32_tensor({1}, {1})}), b = returning({f32_tensor({1}, {2})});
  const Compared compared = compare(outcome_of({a, a, a}), outcome_of({a, b, b}), {});
  EXPECT_EQ(compared.call, 1);
  EXPECT_EQ(compared.divergence->call, 1);
}

TEST(Comparator, DifferenceWithinToleranceEndsTheComparison) {
  const CallOutcome exact = returning({f32_tensor({1}, {1})}),
                    near = returning({f32_tensor({1}, {1.0000001f})});
  const CallOutcome far = returning({f32_tensor({1}, {2})});
  Comparison rules;
  rules.tolerance = {.tier = Tier::t2, .ulps = 4};
  EXPECT_EQ(judgement(outcome_of({exact, exact}), outcome_of({near, far}), rules), Judgement::agree);
  EXPECT_EQ(judgement(outcome_of({exact, exact}), outcome_of({exact, far}), rules), Judgement::differ);
}

TEST(Comparator, StatusDeterminesTheJudgement) {
  const Outcome fine = outcome_of(1), raised = outcome_of({raising("no")});
  const Outcome missing = outcome_of({raising("not there", Status::not_implemented)});
  const Outcome large = outcome_of({raising("too much", Status::over_memory)});
  EXPECT_EQ(judgement(raised, raised), Judgement::both_raised);
  Outcome changed = raised;
  changed.calls[0].changes.push_back({0, true, false, 1, f32_tensor({1}, {9}, 0)});
  EXPECT_EQ(judgement(raised, changed), Judgement::differ) << "only the right side changed an input";
  EXPECT_EQ(judgement(changed, raised), Judgement::both_raised);
  EXPECT_EQ(judgement(changed, changed), Judgement::both_raised);
  EXPECT_EQ(kind_of(fine, raised), Kind::error);
  EXPECT_EQ(kind_of(raised, fine), Kind::error);
  EXPECT_EQ(judgement(fine, missing), Judgement::gap);
  EXPECT_EQ(judgement(missing, raised), Judgement::gap);
  EXPECT_EQ(judgement(large, fine), Judgement::over_budget);
  EXPECT_EQ(judgement(fine, large), Judgement::memory);
}

TEST(Comparator, DifferenceBeforeAnErrorIsADivergence) {
  const CallOutcome a = returning({f32_tensor({1}, {1})}), b = returning({f32_tensor({1}, {2})});
  EXPECT_EQ(kind_of(outcome_of({a, raising("no")}), outcome_of({b, raising("no")})), Kind::value);
}

TEST(Comparator, PlainResultsAreCompared) {
  const auto plain = [](corpora::Value value) {
    CallOutcome call;
    call.results.push_back({});
    call.results[0].plain = std::move(value);
    return outcome_of({call});
  };
  EXPECT_EQ(judgement(plain(corpora::Value::of_integer(3)), plain(corpora::Value::of_integer(3))),
            Judgement::agree);
  EXPECT_EQ(kind_of(plain(corpora::Value::of_integer(3)), plain(corpora::Value::of_integer(4))), Kind::value);
  EXPECT_EQ(kind_of(plain(corpora::Value::of_integer(1)), plain(corpora::Value::of_boolean(true))),
            Kind::value);
  EXPECT_EQ(kind_of(plain(corpora::Value::of_real(1)), plain(corpora::Value::of_real(2))), Kind::value);
}

TEST(Comparator, ListsAreComparedElementByElement) {
  const auto list = [](std::vector<Result> elements) {
    CallOutcome call;
    Result result;
    result.kind = Result::Kind::list;
    result.list = std::move(elements);
    call.results.push_back(result);
    return outcome_of({call});
  };
  const Result a = result_of(f32_tensor({1}, {1})), b = result_of(f32_tensor({1}, {2}));
  EXPECT_EQ(judgement(list({a, b}), list({a, b})), Judgement::agree);
  EXPECT_EQ(kind_of(list({a, b}), list({a})), Kind::outputs);
  EXPECT_EQ(compare(list({a, a}), list({a, b}), {}).divergence->place,
            (Place{Part::result, 0, 1, engine::Dims{0}}));
}

Outcome changing(int32_t input, TensorSnapshot after, bool values = true, bool geometry = false,
                 int64_t version = 1) {
  CallOutcome call;
  call.changes.push_back({input, values, geometry, version, std::move(after)});
  return outcome_of({call});
}

TEST(Comparator, ChangesOfInputsAreCompared) {
  const Outcome left = changing(0, f32_tensor({1}, {1}));
  EXPECT_EQ(judgement(left, changing(0, f32_tensor({1}, {1}))), Judgement::agree);
  EXPECT_EQ(kind_of(left, changing(0, f32_tensor({1}, {2}))), Kind::value);
  EXPECT_EQ(kind_of(left, outcome_of({CallOutcome{}})), Kind::mutation);
  EXPECT_EQ(kind_of(outcome_of({CallOutcome{}}), left), Kind::mutation);
  Comparison rules;
  rules.changes = false;
  EXPECT_EQ(judgement(left, changing(0, f32_tensor({1}, {2})), rules), Judgement::agree);
}

TEST(Comparator, VersionsAreComparedOnRequest) {
  Comparison rules;
  const Outcome twice = changing(0, f32_tensor({1}, {1}), true, false, 2);
  EXPECT_EQ(judgement(changing(0, f32_tensor({1}, {1})), twice, rules), Judgement::agree);
  rules.version = true;
  EXPECT_EQ(judgement(changing(0, f32_tensor({1}, {1})), twice, rules), Judgement::agree);
  const Outcome never = changing(0, f32_tensor({1}, {1}), true, false, 0);
  EXPECT_EQ(kind_of(changing(0, f32_tensor({1}, {1})), never, rules), Kind::version);
}

TEST(Comparator, ChangeOfOneSideIsComparedWithTheInputBefore) {
  Comparison rules;
  rules.before = [](int32_t) { return f32_tensor({1}, {-0.0f}); };
  rules.signed_zero = false;
  const Outcome none = outcome_of({CallOutcome{}});
  EXPECT_EQ(judgement(changing(0, f32_tensor({1}, {0})), none, rules), Judgement::agree);
  EXPECT_EQ(judgement(none, changing(0, f32_tensor({1}, {0})), rules), Judgement::agree);
  EXPECT_EQ(kind_of(changing(0, f32_tensor({1}, {3})), none, rules), Kind::mutation);
}

TEST(Comparator, GeometryOfInputsIsComparedAlsoWithoutValues) {
  Comparison rules;
  rules.values = false;
  const Outcome none = outcome_of({CallOutcome{}});
  EXPECT_EQ(judgement(changing(0, f32_tensor({1}, {3})), none, rules), Judgement::agree);
  EXPECT_EQ(kind_of(changing(0, f32_tensor({2}, {3, 3}), false, true), none, rules), Kind::mutation);
}

TEST(DivergenceText, TensorHasMetadataAndAtMost64Values) {
  EXPECT_EQ(to_text(f32_tensor({2}, {0.5f, 2})), "f32 [2] strides [1]: [0.5, 2]");
  const std::string many = to_text(f32_tensor({70}, std::vector<float>(70, 1.0f)));
  EXPECT_NE(many.find("... 6 more"), std::string::npos);
  TensorSnapshot undefined;
  undefined.defined = false;
  EXPECT_EQ(to_text(undefined), "undefined tensor");
}

TEST(Comparator, ElementsAreIndexedInRowMajorOrder) {
  EXPECT_EQ(index_of({2, 3}, 5), (engine::Dims{1, 2}));
  EXPECT_EQ(index_of({}, 0), engine::Dims());
}

}  // namespace
}  // namespace oracles
