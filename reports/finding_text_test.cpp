#include "reports/finding_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "reports/example_findings.h"

namespace reports {
namespace {

using oracles::End;
using oracles::Kind;
using oracles::Part;
using oracles::Shown;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

// A process that ended in the direct call, or below the path of zero_strides().
FindingText of_death(End end, int signal, bool direct = true) {
  Finding f = example::zero_strides();
  oracles::Divergence& d = f.verdict.divergence;
  d.kind = f.signature.kind = end == End::crashed ? Kind::crash : Kind::timeout;
  d.place = {Part::process};
  d.left = oracles::Side();
  d.right = oracles::side_that(end, "");
  d.right.signal = signal;
  d.right.last_output = "the last line";
  if (direct) {
    f.verdict.right.clear();
    d.left = d.right;
  }
  return text_of(f);
}

FindingText of_schema(Kind kind, oracles::Place place, Shown left, Shown right, End end = End::returned) {
  Finding f = example::zero_strides();
  f.signature.oracle = "schema";
  f.verdict.right.clear();
  f.verdict.divergence = oracles::divergence_of(kind, place, std::move(left), std::move(right));
  f.verdict.divergence.right.end = end;
  return text_of(f);
}

TEST(FindingText, CallThatDiesIsNotCalledADifference) {
  const FindingText crash = of_death(End::crashed, SIGSEGV);
  EXPECT_EQ(crash.title, "Crashes with SIGSEGV");
  EXPECT_EQ(crash.left.name, "expected");
  EXPECT_EQ(crash.left.text, "returns or raises an error");
  EXPECT_EQ(crash.left.whole, "");
  EXPECT_EQ(crash.right.name, "call");
  EXPECT_EQ(crash.right.text, "SIGSEGV");
  EXPECT_EQ(crash.right.whole, "the last line");
  EXPECT_THAT(crash.look_at, HasSubstr("debugger"));
  EXPECT_EQ(of_death(End::crashed, 0).title, "Ends the process");
  EXPECT_THAT(of_death(End::crashed, 0).look_at, HasSubstr("exit()"));
  EXPECT_EQ(of_death(End::out_of_time, 0).title, "Does not end");
  EXPECT_THAT(of_death(End::out_of_time, 0).look_at, HasSubstr("loop"));
  EXPECT_THAT(of_death(End::waiting, 0).look_at, HasSubstr("lock"));
}

TEST(FindingText, DeathBelowAFallbackKeepsTheWordsOfItsOracle) {
  const FindingText crash = of_death(End::crashed, SIGSEGV, false);
  EXPECT_EQ(crash.title, "Crashes with SIGSEGV for a ZeroTensor input");
  EXPECT_EQ(crash.left.name, "real zeros");
  EXPECT_EQ(crash.left.text, "returns or raises an error");
  EXPECT_EQ(crash.right.name, "ZeroTensor");
  EXPECT_THAT(crash.look_at, HasSubstr("ZeroTensor kernel"));
}

TEST(FindingText, TitlesOfSchemaSayWhatTheCallDoes) {
  using oracles::Change;
  const oracles::Place input{Part::input, 0};
  EXPECT_EQ(of_schema(Kind::mutation, input, Change::none, Change::values).title,
            "Writes a tensor that its schema does not mark as written");
  EXPECT_EQ(of_schema(Kind::mutation, input, Change::values, Change::none).title,
            "Never writes an argument that its schema declares as written");
  EXPECT_EQ(of_schema(Kind::version, input, int64_t{1}, int64_t{0}).title,
            "Writes an argument without bumping its version counter");
  for (const Kind kind : {Kind::value, Kind::sizes, Kind::version})
    EXPECT_EQ(of_schema(kind, input, int64_t{0}, int64_t{1}, End::raised).title,
              "Writes an input and then raises an error");
}

TEST(FindingText, StateShowsOnlyWhatDiffers) {
  Finding f = example::zero_strides();
  f.signature.oracle = "state";
  f.verdict.right.clear();
  f.verdict.divergence =
      oracles::divergence_of(Kind::state, {Part::thread}, oracles::Word{"grad_mode=1 threads=1 modes=0"},
                             oracles::Word{"grad_mode=0 threads=1 modes=0"});
  const FindingText text = text_of(f);
  EXPECT_EQ(text.left.text, "grad_mode=1");
  EXPECT_EQ(text.right.text, "grad_mode=0");
}

TEST(FindingText, NeedsAreNotWhatTheTitleOrASideSays) {
  Finding f = example::zero_strides();
  f.features = {"in:input", "layout:strided", "message:no such dimension", "uninitialised"};
  EXPECT_THAT(needs_of(f), ElementsAre("a strided input"));
}

TEST(FindingText, OtherFindingsOnTheMistakeAreCounted) {
  Finding f = example::zero_strides();
  EXPECT_EQ(also_shown_by(f), "");
  f.also = {example::neg_strides(), example::neg_strides(), example::zero_strides_of("aten::sin")};
  EXPECT_EQ(also_shown_by(f), "also shown by 3 findings of neg, zero");
}

TEST(FindingText, FindingThatIsNotNewSaysWhy) {
  EXPECT_EQ(why_not_new(example::zero_strides()), "");
  EXPECT_THAT(why_not_new(example::known_zero_times_infinity()), StartsWith("known: torch-zero"));
  Finding foreign = example::zero_strides();
  foreign.origin.of_author = true;
  EXPECT_EQ(why_not_new(foreign), "on an operator of the library, not of the author");
  foreign.owner = Owner::author;
  EXPECT_EQ(why_not_new(foreign), "");
}

}  // namespace
}  // namespace reports
