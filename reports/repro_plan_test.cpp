#include "reports/repro_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/dispatch/schema_parser.h"
#include "reports/example_findings.h"

namespace reports {
namespace {

using oracles::Kind;
using oracles::OutState;
using oracles::Part;
using testing::ElementsAre;
using testing::IsEmpty;
using Against = ReproPlan::Against;

// A finding of `variants`: exp, and exp.out into an out that is input 1, with its memory as input 2.
Finding of_form(Kind kind, OutState state, oracles::Place place) {
  Finding f = example::zero_strides();
  f.signature.oracle = "variants";
  f.signature.kind = kind;
  f.schemas.push_back(engine::parse_schema("aten::exp.out(Tensor self, *, Tensor(a!) out) -> Tensor(a!)"));
  f.verdict.left = {};
  f.verdict.right = corpora::parse_path("form(1)");
  f.verdict.right_case =
      "faultline case 1\nstorage s0 f32[4] zeros\nstorage s1 f32[8] zeros\n"
      "input t0 s0 sizes [4] strides [1] offset 0\ninput t1 s1 sizes [4] strides [2] offset 0\n"
      "input t2 s1 sizes [8] strides [1] offset 0\ncall r0 aten::exp.out(self=t0, out=t1)\n";
  oracles::Divergence& d = f.verdict.divergence;
  d.kind = kind;
  d.op = "aten::exp.out";
  d.form = state;
  d.place = place;
  d.left = d.right = {};
  return f;
}

TEST(ReproPlan, WiderOutIsCastBack) {
  EXPECT_TRUE(plan_of(of_form(Kind::value, OutState::wider, {Part::result, 0})).plan.narrowed);
  EXPECT_FALSE(plan_of(of_form(Kind::dtype, OutState::wider, {Part::result, 0})).plan.narrowed);
  EXPECT_FALSE(plan_of(of_form(Kind::value, OutState::exact, {Part::result, 0})).plan.narrowed);
}

TEST(ReproPlan, MemoryBetweenElementsIsWatchedThroughItsView) {
  const ReproPlan plan = plan_of(of_form(Kind::mutation, OutState::strided, {Part::between, 0})).plan;
  EXPECT_EQ(plan.against, Against::before);
  EXPECT_THAT(plan.watched, ElementsAre(2));
  EXPECT_EQ(plan.step, 2);
}

TEST(ReproPlan, ChangedOutAndItsStridesAreWatched) {
  for (const Kind kind : {Kind::mutation, Kind::strides}) {
    const ReproPlan plan = plan_of(of_form(kind, OutState::exact, {Part::out, 0})).plan;
    EXPECT_EQ(plan.against, Against::before);
    EXPECT_THAT(plan.watched, ElementsAre(1));
    EXPECT_EQ(plan.step, 1);
  }
}

TEST(ReproPlan, FormIsExpectedToRaiseOrToReturnItsOut) {
  Finding accepts = of_form(Kind::error, OutState::narrower, {Part::call});
  accepts.verdict.divergence.left = oracles::side_that(oracles::End::must_raise);
  EXPECT_EQ(plan_of(accepts).plan.expected, "raises");
  Finding rejects = of_form(Kind::error, OutState::exact, {Part::call});
  rejects.verdict.divergence.right = oracles::side_that(oracles::End::raised, "no");
  EXPECT_EQ(plan_of(rejects).plan.against, Against::other_side);
  EXPECT_EQ(plan_of(of_form(Kind::identity, OutState::exact, {Part::result, 0})).plan.expected, "input 1");
}

TEST(ReproPlan, SchemaFindingIsComparedWithThePromise) {
  const auto planned = [](Kind kind, oracles::Place place, oracles::Shown left = {}) {
    Finding f = example::zero_strides();
    f.signature.oracle = "schema";
    f.verdict.right = {};
    oracles::Divergence& d = f.verdict.divergence;
    d.kind = f.signature.kind = kind;
    d.place = std::move(place);
    d.left = oracles::side_showing(std::move(left));
    return plan_of(f);
  };
  EXPECT_THAT(planned(Kind::mutation, {Part::input, 0}).plan.watched, ElementsAre(0));
  const Planned of_storage = planned(Kind::mutation, {Part::storage, 0});
  EXPECT_THAT(of_storage.plan.watched, ElementsAre(1)) << "a view of all of the storage is added";
  EXPECT_EQ(of_storage.plan.left.inputs.size(), 2U);
  EXPECT_FALSE(planned(Kind::mutation, {Part::beside}).cannot.empty());
  EXPECT_EQ(planned(Kind::alias, {Part::result, 0}).plan.expected, "memory of its own");
  EXPECT_EQ(planned(Kind::identity, {Part::result, 0}, oracles::Identity{.input = 3}).plan.expected,
            "input 3");
}

TEST(ReproPlan, DifferenceInAnInputIsObservedInTheInputs) {
  Finding f = example::zero_strides();
  EXPECT_FALSE(plan_of(f).plan.in_inputs);
  EXPECT_THAT(plan_of(f).plan.watched, IsEmpty());
  f.verdict.divergence.place = {Part::input, 0};
  EXPECT_TRUE(plan_of(f).plan.in_inputs);
}

}  // namespace
}  // namespace reports
