#include "reports/operator_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/example_findings.h"
#include "reports/operator_gaps.h"

namespace reports {
namespace {

using oracles::Gap;
using oracles::OperatorGap;
using testing::ElementsAre;

OperatorTally tally(uint64_t drawn, uint64_t accepted) {
  OperatorTally tally;
  tally.drawn = drawn;
  tally.accepted = accepted;
  return tally;
}

std::vector<Gap> kinds(const OperatorTally& tally) {
  std::vector<Gap> kinds;
  for (const OperatorGap& gap : gaps_of(tally)) kinds.push_back(gap.what);
  return kinds;
}

TEST(OperatorGaps, OperatorThatAcceptsNoCallNeedsASample) {
  EXPECT_THAT(kinds(tally(1000, 0)), ElementsAre(Gap::accepted_call));
  EXPECT_THAT(kinds(tally(1000, 19)), ElementsAre(Gap::accepted_call));
  EXPECT_THAT(kinds(tally(1000, 20)), ElementsAre());
  EXPECT_THAT(kinds(tally(0, 0)), ElementsAre()) << "no call was drawn";
  OperatorTally without_kernel = tally(1000, 0);
  without_kernel.missing = {{Gap::cpu_kernel, "", ""}};
  EXPECT_THAT(kinds(without_kernel), ElementsAre(Gap::cpu_kernel)) << "the kernel is the reason";
}

TEST(OperatorGaps, TextNamesTheLastErrorOrTheCrashes) {
  OperatorTally raising = tally(9, 0);
  EXPECT_EQ(text_of(Gap::accepted_call, raising), "no call was ever accepted");
  raising.crashed = 9;
  EXPECT_EQ(text_of(Gap::accepted_call, raising), "no call was ever accepted: 9 of 9 crashed");
  raising.last_error = "E: m";
  EXPECT_EQ(text_of(Gap::accepted_call, raising), "no call was ever accepted: last error 'E: m'");
  raising.accepted = 1;
  EXPECT_EQ(text_of(Gap::accepted_call, raising), "only 1 of 9 calls was accepted: last error 'E: m'");
}

TEST(OperatorGaps, FormulaThatNoCallCouldUseIsNotMissing) {
  OperatorTally of_integers = tally(10, 10);
  of_integers.missing = {{Gap::autograd_formula, "", ""}};
  EXPECT_THAT(kinds(of_integers), ElementsAre());
  of_integers.differentiable = 1;
  EXPECT_THAT(kinds(of_integers), ElementsAre(Gap::autograd_formula));
}

TEST(OperatorGaps, PartThatARunHasIsNotMissing) {
  OperatorTally sum;
  OperatorTally before = tally(10, 10), after = tally(10, 10);
  before.missing = {{Gap::meta_kernel, "", ""}, {Gap::autograd_formula, "", ""}};
  before.differentiable = 1;
  before.last_error = "first";
  after.missing = {{Gap::autograd_formula, "", ""}};
  sum.add(before);
  EXPECT_THAT(kinds(sum), ElementsAre(Gap::meta_kernel, Gap::autograd_formula));
  sum.add(after);
  EXPECT_THAT(kinds(sum), ElementsAre(Gap::autograd_formula));
  EXPECT_EQ(sum.last_error, "first") << "the later part has no error";
}

TEST(OperatorGaps, JsonReadsBackEqual) {
  const std::vector<OperatorGap> gaps{{Gap::cpu_kernel, "a", "b"}, {Gap::meta_kernel, "", "c"}};
  EXPECT_EQ(gaps_from(gaps_json(gaps)), gaps);
  EXPECT_TRUE(gaps_from(gaps_json({{Gap::accepted_call, "", ""}})).empty()) << "counts decide";
}

TEST(OperatorGaps, ShareNeverRoundsToNoneOrAll) {
  EXPECT_EQ(accepted_share(tally(0, 0)), "not run");
  EXPECT_EQ(accepted_share(tally(5, 0)), "never");
  EXPECT_EQ(accepted_share(tally(5, 5)), "100 %");
  EXPECT_EQ(accepted_share(tally(1000, 999)), "99 %");
  EXPECT_EQ(accepted_share(tally(389120, 7)), "0.002 %");
}

TEST(OperatorGaps, JudgesAreThoseThatComparedResults) {
  const std::vector<std::string> all{"a", "b", "c", "d", "e", "f"};
  const VerdictCounts agrees{{1}}, raises{{0, 5}}, refuses{{0, 0, 0, 0, 0, 0, 0, 5}};
  OperatorTally judged;
  EXPECT_EQ(judges_text(judged, all), "none");
  judged.oracles["a"] = agrees;
  judged.oracles["b"] = refuses;
  judged.oracles["c"] = raises;
  EXPECT_EQ(judges_text(judged, all), "1: a");
  for (const char* name : {"c", "d", "e"}) judged.oracles[name] = agrees;
  EXPECT_EQ(judges_text(judged, all), "4: not b, f");
  judged.oracles["b"] = judged.oracles["f"] = agrees;
  EXPECT_EQ(judges_text(judged, all), "all 6");
}

TEST(OperatorGaps, OracleWhoseKeyNoCallMetHasNotJudged) {
  OperatorTally judged;
  judged.oracles["zero"] = {{5}, {0, 0, 5, 0, 0}};  // met an own kernel
  judged.oracles["neg"] = {{5}, {5, 0, 0, 0, 0}};   // met nothing
  judged.oracles["layout"] = {{5}};                 // has no key
  EXPECT_EQ(judges_text(judged, {"layout", "neg", "zero"}), "2: not neg");
  judged.oracles["neg"] = {{4, 0, 1}, {5, 0, 0, 0, 0}};
  EXPECT_EQ(judges_text(judged, {"layout", "neg", "zero"}), "all 3") << "it has found something";
}

TEST(OperatorTable, SaysOnceWhatToWriteForEachSortOfGap) {
  ReportData data = example::small_report();
  OperatorTally& other = data.operators["aten::other"] = tally(10, 10);
  other.missing = {{Gap::meta_kernel, "another line", ""}, {Gap::autograd_formula, "a formula", ""}};
  other.differentiable = 1;
  const OperatorTable table(data);
  ASSERT_EQ(table.rows.size(), 3U);
  EXPECT_EQ(table.rows[0].missing, "");
  EXPECT_EQ(table.rows[1].missing, "Meta kernel, autograd formula");
  EXPECT_EQ(table.rows[2].missing,
            "Meta kernel, accepted call (last error 'RuntimeError: boxes must be [K, 5]')");
  ASSERT_EQ(table.advice.size(), 3U);
  EXPECT_EQ(table.advice[0].title,
            "no or hardly any accepted call (1 operator): the drawn arguments hardly test the operator");
  EXPECT_THAT(table.advice[1].title, testing::StartsWith("no Meta kernel (2 operators): "));
  EXPECT_THAT(table.advice[1].lines, ElementsAre("write another line")) << "the first of them";
  EXPECT_THAT(table.advice[2].title, testing::EndsWith("no oracle compares gradients here"));
  data.oracles.insert(data.oracles.begin(), OracleRow{"autograd", {}, false, true});
  EXPECT_THAT(OperatorTable(data).advice[2].title, testing::EndsWith("records no gradient"));
}

TEST(OperatorTable, OfAWholeLibraryShowsTheTotalsOnly) {
  ReportData data = example::small_report();
  EXPECT_EQ(OperatorTable(data).rows.size(), 2U);
  for (int i = 0; i < 200; ++i) data.operators["aten::op" + std::to_string(i)] = tally(10, 10);
  const OperatorTable table(data);
  EXPECT_TRUE(table.rows.empty());
  EXPECT_TRUE(table.advice.empty()) << "what a whole library lacks is only counted";
  EXPECT_EQ(table.totals,
            "202 operators: 1 with findings, 1 with no or hardly any accepted call, 1 without Meta kernel; "
            "the HTML report and coverage.json list all");
  EXPECT_TRUE(OperatorTable(ReportData{}).totals.empty());
}

}  // namespace
}  // namespace reports
