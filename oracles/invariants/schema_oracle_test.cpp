#include <gtest/gtest.h>

#include "oracles/oracle_checks.h"
#include "oracles/trial/scripted_subject.h"

namespace oracles {
namespace {

Verdict checked(std::string_view schema, const CallOutcome& call, int inputs = 1) {
  return run_check(check_schema, case_of(schema, inputs), {schema}, always(outcome_of({call})));
}

TensorSnapshot own() { return f32_tensor({1}, {1}, 50); }
TensorSnapshot of_input(int32_t storage, bool itself) {
  TensorSnapshot t = f32_tensor({1}, {1}, storage);
  t.same_as_input = itself ? storage : -1;
  return t;
}

CallOutcome writing(CallOutcome call, int32_t input) {
  call.changes.push_back({input, true, false, 1, f32_tensor({1}, {9}, input)});
  call.changed_storages = {input};
  return call;
}

TEST(SchemaOracle, DeclaredWritesAndAliasesAgree) {
  EXPECT_EQ(checked("m::f(Tensor a) -> Tensor", returning({own()})).judgement, Judgement::agree);
  EXPECT_EQ(checked("m::f(Tensor(a) a) -> Tensor(a)", returning({of_input(0, false)})).judgement,
            Judgement::agree);
  EXPECT_EQ(checked("m::f(Tensor(a) a) -> Tensor(a)", returning({own()})).judgement, Judgement::agree);
  EXPECT_EQ(
      checked("m::f_(Tensor(a!) a) -> Tensor(a!)", writing(returning({of_input(0, true)}), 0)).judgement,
      Judgement::agree);
}

TEST(SchemaOracle, WriteThatDoesNotBumpTheVersionIsADivergence) {
  CallOutcome call = writing(returning({of_input(0, true)}), 0);
  call.changes.front().version_delta = 0;
  const Verdict verdict = checked("m::f_(Tensor(a!) a) -> Tensor(a!)", call);
  EXPECT_EQ(verdict.judgement, Judgement::differ);
  EXPECT_EQ(verdict.divergence.kind, Kind::version);
}

TEST(SchemaOracle, UndeclaredWriteIsADivergence) {
  const Verdict verdict =
      checked("m::f(Tensor a, Tensor(b!) b) -> Tensor", writing(returning({own()}), 0), 2);
  EXPECT_EQ(verdict.judgement, Judgement::differ);
  EXPECT_EQ(verdict.divergence.kind, Kind::mutation);
  EXPECT_EQ(verdict.divergence.place, (Place{Part::input, 0}));
}

TEST(SchemaOracle, UndeclaredWriteOfARaisingCallIsADivergence) {
  EXPECT_EQ(checked("m::f(Tensor a) -> Tensor", writing(raising("no"), 0)).divergence.kind, Kind::mutation);
  EXPECT_EQ(checked("m::f(Tensor a) -> Tensor", raising("no")).judgement, Judgement::both_raised);
}

TEST(SchemaOracle, ChangeByARaisingCallIsADivergence) {
  constexpr std::string_view in_place = "m::f_(Tensor(a!) a) -> Tensor(a!)";
  const auto left_by = [&](bool values, bool geometry, int64_t versions) {
    CallOutcome call = raising("no");
    call.changes.push_back({0, values, geometry, versions, f32_tensor({1}, {9}, 0)});
    const Verdict verdict = checked(in_place, call);
    EXPECT_EQ(verdict.judgement, Judgement::differ);
    return verdict.divergence.kind;
  };
  EXPECT_EQ(left_by(true, true, 1), Kind::sizes);
  EXPECT_EQ(left_by(true, false, 1), Kind::value);
  EXPECT_EQ(left_by(false, false, 1), Kind::version);
  EXPECT_EQ(checked(in_place, raising("no")).judgement, Judgement::both_raised);
  EXPECT_EQ(checked(in_place, writing(raising("no", Status::not_implemented), 0)).judgement, Judgement::gap);
}

// For an author's operator the library bumps the version before the kernel, and its operators refuse a dtype
// or a missing tensor when they come to it.
TEST(SchemaOracle, WhatAnAuthorCannotKnowBeforeAWriteIsNoDivergence) {
  constexpr std::string_view in_place = "author::f_(Tensor(a!) a) -> Tensor(a!)";
  CallOutcome bumped = raising("no");
  bumped.changes.push_back({0, false, false, 1, f32_tensor({1}, {0}, 0)});
  EXPECT_EQ(checked(in_place, bumped).judgement, Judgement::both_raised);
  EXPECT_EQ(checked(in_place, writing(raising("no"), 0)).divergence.kind, Kind::value);
  CallOutcome no_kernel = writing(raising("no"), 0);
  no_kernel.cause = ErrorCause::missing_dtype;
  EXPECT_EQ(checked(in_place, no_kernel).judgement, Judgement::incomparable);
}

TEST(SchemaOracle, AnAuthorMayRaiseLateIfAWrittenTensorOverlapsAnother) {
  constexpr std::string_view schema = "author::f_(Tensor(a!) a, Tensor b) -> Tensor(a!)";
  corpora::Case c = case_of(schema, 2);
  const auto judged = [&] {
    return run_check(check_schema, c, {schema},
                     [&](auto&, auto&, auto&) { return outcome_of({writing(raising("no"), 0)}); })
        .judgement;
  };
  EXPECT_EQ(judged(), Judgement::differ);
  c.inputs[1].storage = c.inputs[0].storage;
  EXPECT_EQ(judged(), Judgement::incomparable);
}

TEST(SchemaOracle, WriteOutsideOfAllInputsIsADivergence) {
  CallOutcome call = returning({own()});
  call.changed_storages = {0};
  EXPECT_EQ(checked("m::f(Tensor a) -> Tensor", call).divergence.place, (Place{Part::storage, 0}));
}

TEST(SchemaOracle, NewVersionAloneIsNotAWrite) {
  CallOutcome call = returning({own()});
  call.changes.push_back({0, false, false, 1, f32_tensor({1}, {1}, 0)});
  EXPECT_EQ(checked("m::f(Tensor a) -> Tensor", call).judgement, Judgement::agree);
}

TEST(SchemaOracle, UndeclaredAliasIsADivergence) {
  EXPECT_EQ(checked("m::f(Tensor a) -> Tensor", returning({of_input(0, true)})).divergence.kind, Kind::alias);
  EXPECT_EQ(
      checked("m::f(Tensor(a) a, Tensor b) -> Tensor(a)", returning({of_input(1, false)}), 2).divergence.kind,
      Kind::alias);
  TensorSnapshot empty = of_input(0, false);
  empty.sizes = {0};
  EXPECT_EQ(checked("m::f(Tensor a) -> Tensor", returning({empty})).judgement, Judgement::agree);
}

TEST(SchemaOracle, ListMayAliasIfItsElementsAreAnnotated) {
  CallOutcome call;
  Result list;
  list.kind = Result::Kind::list;
  list.list = {result_of(of_input(0, false))};
  call.results = {list};
  EXPECT_EQ(checked("m::f(Tensor(a) a) -> Tensor(a)[]", call).judgement, Judgement::agree);
  EXPECT_EQ(checked("m::f(Tensor(a -> *) a) -> Tensor(a)[]", call).judgement, Judgement::agree);
  EXPECT_EQ(checked("m::f(Tensor a) -> Tensor[]", call).divergence.kind, Kind::alias);
}

TEST(SchemaOracle, WrittenArgumentMustBeReturnedItself) {
  EXPECT_EQ(checked("m::f_(Tensor(a!) a) -> Tensor(a!)", returning({own()})).divergence.kind, Kind::identity);
  EXPECT_EQ(checked("m::f_(Tensor(a!) a) -> Tensor(a!)", returning({of_input(0, false)})).divergence.kind,
            Kind::identity);
}

TEST(SchemaOracle, NumberAndTypesOfResultsAreCompared) {
  EXPECT_EQ(checked("m::f(Tensor a) -> (Tensor, Tensor)", returning({own()})).divergence.kind, Kind::outputs);
  EXPECT_EQ(checked("m::f(Tensor a) -> Tensor[]", returning({own()})).divergence.kind, Kind::outputs);
  EXPECT_EQ(checked("m::f(Tensor a) -> int", returning({own()})).divergence.kind, Kind::outputs);
}

TEST(SchemaOracle, WriteOutsideOfABlockIsADivergence) {
  CallOutcome call = returning({own()});
  call.guard_damaged = true;
  EXPECT_EQ(checked("m::f(Tensor a) -> Tensor", call).divergence.kind, Kind::mutation);
}

}  // namespace
}  // namespace oracles
