#include "fuzz/campaign/summary.h"

#include <gtest/gtest.h>

namespace fuzz {
namespace {

using oracles::Judgement;
using reports::VerdictCounts;

VerdictCounts& add(VerdictCounts& counts, Judgement judgement, uint64_t n) {
  counts.judgements[static_cast<size_t>(judgement)] += n;
  return counts;
}

bool not_run(const std::string& oracle, const VerdictCounts& counts) {
  RunRecord record;
  record.oracles = {oracle};
  record.tally.cases = 1000;
  record.tally.operators["test::op"].oracles[oracle] = counts;
  return reports::Json::parse(summary_json({{record}, {}, 0}))["oracles"][0]["not_run"];
}

TEST(Summary, OracleWithAKeyIsRunWhenItsCasesMeetTheKey) {
  VerdictCounts counts;
  add(counts, Judgement::agree, 1000);
  EXPECT_TRUE(not_run("meta", counts));
  counts.reach[static_cast<size_t>(oracles::Reach::fallback)] = 900;
  EXPECT_FALSE(not_run("meta", counts));
}

TEST(Summary, OracleThatFoundADifferenceIsRun) {
  VerdictCounts counts;
  add(add(counts, Judgement::agree, 999), Judgement::differ, 1);
  EXPECT_FALSE(not_run("meta", counts));
}

TEST(Summary, OracleWithoutAKeyIsRunWhenItsCasesGetVerdicts) {
  VerdictCounts counts;
  add(add(counts, Judgement::refused, 900), Judgement::agree, 100);
  EXPECT_TRUE(not_run("reference", counts)) << "its floor is half of its cases";
  add(counts, Judgement::agree, 900);
  EXPECT_FALSE(not_run("reference", counts));
}

}  // namespace
}  // namespace fuzz
