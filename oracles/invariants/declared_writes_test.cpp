#include "oracles/invariants/declared_writes.h"

#include <gtest/gtest.h>

#include "oracles/oracle_checks.h"
#include "oracles/trial/scripted_subject.h"

namespace oracles {
namespace {

constexpr std::string_view kSchema = "m::f(Tensor a, Tensor(b!) b, Tensor(c!)[] c) -> Tensor";

CallOutcome changing(std::initializer_list<int32_t> inputs) {
  CallOutcome call = returning({f32_tensor({1}, {1})});
  for (const int32_t input : inputs)
    call.changes.push_back({input, true, false, 1, f32_tensor({3}, {9, 9, 9}, input)});
  return call;
}

// Of m::f(t0, t1, [t2, t3]).
corpora::Case list_case() {
  corpora::Case c = case_of("m::f", 4);
  auto& arguments = c.calls[0].arguments;
  arguments[2] = corpora::Value::of_list({arguments[2], arguments[3]});
  arguments.pop_back();
  return c;
}

ArgumentWrites writes_in(const corpora::Case& c, const CallOutcome& call) {
  ScriptedSubject subject({kSchema}, always(outcome_of({call})));
  Trial trial(subject, c);
  return writes_of_call(c, trial.last_operator(), trial.direct(), 0);
}

TEST(DeclaredWrites, OnlyDeclaredArgumentsAreWatched) {
  const ArgumentWrites none = writes_in(list_case(), changing({}));
  EXPECT_EQ(none.watched, 0b110U);
  EXPECT_EQ(none.written, 0U);
  EXPECT_EQ(writes_in(list_case(), changing({0})).written, 0U) << "input 0 is not declared";
  EXPECT_EQ(writes_in(list_case(), changing({1})).written, 0b010U);
  EXPECT_EQ(writes_in(list_case(), changing({3})).written, 0b100U) << "one tensor of a list is enough";
}

TEST(DeclaredWrites, EmptyTensorsAndFailedCallsAreNotWatched) {
  corpora::Case c = list_case();
  c.inputs[1].sizes = {0};
  EXPECT_EQ(writes_in(c, changing({})).watched, 0b100U);
  EXPECT_EQ(writes_in(list_case(), raising("no")).watched, 0U);
}

TEST(DeclaredWrites, NewVersionAloneIsNotAWrite) {
  CallOutcome call = returning({f32_tensor({1}, {1})});
  call.changes.push_back({1, false, false, 1, f32_tensor({3}, {0, 1, 2}, 1)});
  EXPECT_EQ(writes_in(list_case(), call).written, 0U);
  call.changes.front().geometry_changed = true;
  EXPECT_EQ(writes_in(list_case(), call).written, 0b010U);
}

TEST(DeclaredWrites, ArgumentIsUnwrittenAfterEnoughCallsWithoutAChange) {
  DeclaredWrites run;
  for (uint64_t call = 0; call + 1 < DeclaredWrites::calls_needed; ++call)
    run.add("m::f", 7 + call, {0b110, 0b100});
  EXPECT_TRUE(run.never_written().empty()) << "one call too few";
  run.add("m::f", 3, {0b110, 0});
  const auto found = run.never_written();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].op, "m::f");
  EXPECT_EQ(found[0].argument, 1);
  EXPECT_EQ(found[0].indices, (std::vector<uint64_t>{3, 7, 8, 9, 10}));
  run.add("m::f", 99, {0, 0b010});
  EXPECT_TRUE(run.never_written().empty()) << "one call wrote it";
}

TEST(DeclaredWrites, SumDoesNotDependOnTheOrderOfItsParts) {
  DeclaredWrites first, second, third;
  for (uint64_t call = 0; call < DeclaredWrites::calls_needed / 2; ++call) {
    first.add("m::f", 50 + call, {0b1, 0});
    second.add("m::f", 10 + call, {0b1, 0});
  }
  third.add("m::g", 0, {0b1, 0b1});
  DeclaredWrites forwards, backwards;
  for (const DeclaredWrites* part : {&first, &second, &third}) forwards.add(*part);
  for (const DeclaredWrites* part : {&third, &second, &first}) backwards.add(*part);
  for (const DeclaredWrites* sum : {&forwards, &backwards}) {
    ASSERT_EQ(sum->never_written().size(), 1U);
    EXPECT_EQ(sum->never_written()[0].indices, (std::vector<uint64_t>{10, 11, 12, 13, 14}));
  }
}

// The verdict of `schema` on a program of so many calls of m::f(t0, t1, [t2, t3]); `writes` says whether its
// last call changes input 1.
Verdict judged(size_t calls, const std::function<bool(const corpora::Image&)>& writes) {
  corpora::Case c = list_case();
  c.calls.resize(calls, c.calls.front());
  const auto script = [&](const corpora::Case&, const corpora::Image& image, const corpora::Path&) {
    Outcome outcome;
    outcome.calls.resize(calls, changing({2}));
    if (writes(image)) outcome.calls.back() = changing({1, 2});
    return outcome;
  };
  return run_check(check_schema, c, {kSchema}, script);
}

TEST(DeclaredWrites, LongProgramThatNeverWritesDiffers) {
  const auto never = [](const corpora::Image&) { return false; };
  const Verdict verdict = judged(DeclaredWrites::calls_shown, never);
  EXPECT_EQ(verdict.judgement, Judgement::differ);
  EXPECT_TRUE(is_missing_write(verdict.divergence));
  EXPECT_EQ(verdict.divergence.place, (Place{Part::input, 1}));
  EXPECT_EQ(judged(DeclaredWrites::calls_shown - 1, never).judgement, Judgement::agree) << "too short";
}

TEST(DeclaredWrites, WriteByOneCallOrOfOtherValuesIsEnough) {
  EXPECT_EQ(judged(DeclaredWrites::calls_shown, [](const corpora::Image&) { return true; }).judgement,
            Judgement::agree);
  const std::vector<std::byte> ones = bytes_of<float>({1, 1, 1});
  const auto of_ones = [&](const corpora::Image& image) { return image.storages[1] == ones; };
  EXPECT_EQ(judged(DeclaredWrites::calls_shown, of_ones).judgement, Judgement::agree)
      << "its own values are 0, 1, 2";
}

TEST(DeclaredWrites, UndeclaredWriteIsAnotherDivergence) {
  EXPECT_FALSE(
      is_missing_write(divergence_of(Kind::mutation, {Part::input, 0}, Change::none, Change::values)));
  EXPECT_TRUE(is_missing_write(verdict_of({"m::f", 1, {0}}).divergence));
}

}  // namespace
}  // namespace oracles
