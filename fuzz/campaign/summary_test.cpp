// Which oracles summary.json marks as not run.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "fuzz/campaign/run_record.h"

namespace fuzz {
namespace {

using oracles::Judgement;

Counts& add(Counts& counts, Judgement judgement, uint64_t n) {
  counts.judgements[static_cast<size_t>(judgement)] += n;
  return counts;
}

bool not_run(const std::string& oracle, const Counts& counts) {
  RunRecord record;
  record.oracles = {oracle};
  record.tally.cases = 1000;
  record.tally.operators["test::op"].oracles[oracle] = counts;
  return nlohmann::json::parse(summary_json({{record}, {}, 0}))["oracles"][0]["not_run"];
}

TEST(Summary, OracleWithAKeyIsRunWhenItsCasesMeetTheKey) {
  Counts counts;
  add(counts, Judgement::agree, 1000);
  EXPECT_TRUE(not_run("meta", counts));
  counts.reach[static_cast<size_t>(oracles::Reach::fallback)] = 900;
  EXPECT_FALSE(not_run("meta", counts));
}

TEST(Summary, OracleThatFoundADifferenceIsRun) {
  Counts counts;
  add(add(counts, Judgement::agree, 999), Judgement::differ, 1);
  EXPECT_FALSE(not_run("meta", counts));
}

TEST(Summary, OracleWithoutAKeyIsRunWhenItsCasesGetVerdicts) {
  Counts counts;
  add(add(counts, Judgement::refused, 900), Judgement::agree, 100);
  EXPECT_TRUE(not_run("reference", counts)) << "its floor is half of its cases";
  add(counts, Judgement::agree, 900);
  EXPECT_FALSE(not_run("reference", counts));
}

}  // namespace
}  // namespace fuzz
