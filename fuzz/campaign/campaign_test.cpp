#include "fuzz/campaign/campaign.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "corpora/case/samples.h"
#include "corpora/case/text.h"
#include "engine/core/environment_error.h"
#include "engine/core/input_error.h"
#include "fuzz/campaign/campaign_cases.h"
#include "fuzz/campaign/chunk_memory.h"

namespace fuzz::test {

TEST_F(CampaignTest, EveryCheckIsCountedOnceAndEveryFaultIsFound) {
  const CampaignResult result = run(options("out"));
  const json summary = summary_of(base_ / "out");
  EXPECT_EQ(summary["cases"], 3000);
  uint64_t parts = 0;
  for (const char* part : {"agree", "both_raised", "differ", "incomparable", "crashes", "timeouts", "memory"})
    parts += summary[part].get<uint64_t>();
  EXPECT_EQ(summary["checks"], parts);
  EXPECT_EQ(result.checks, parts);
  EXPECT_GT(summary["crashes"], 0);
  std::vector<std::string> found;
  for (const json& finding : summary["findings"]) {
    found.push_back(finding["operator"].get<std::string>() + " " + finding["kind"].get<std::string>());
    EXPECT_TRUE(fs::exists(base_ / "out" / finding["case"].get<std::string>()));
  }
  std::ranges::sort(found);
  found.erase(std::unique(found.begin(), found.end()), found.end());
  EXPECT_THAT(found, testing::ElementsAre("test::abort_on_path crash", "test::differ_on_path value",
                                          "test::raise_on_path error", "test::segv crash",
                                          "test::segv_on_path crash"));
  EXPECT_EQ(result.findings, summary["findings"].size());
  EXPECT_EQ(names_in(base_ / "out" / "pending"), std::vector<std::string>());
  EXPECT_FALSE(fs::exists(base_ / "out" / "work"));
}

TEST_F(CampaignTest, CrashIsAttributedToItsCheck) {
  run(options("out"));
  const json coverage = read_json(base_ / "out" / "coverage.json")["operators"];
  const json& on_path = coverage["test::segv_on_path"];
  EXPECT_EQ(on_path["crashed"], 0) << "the direct call does not crash";
  EXPECT_EQ(on_path["executed"], 300) << "every case counts, also if a worker died in one of its oracles";
  EXPECT_GT(on_path["oracles"]["alpha"]["crashes"], 0);
  EXPECT_EQ(on_path["oracles"]["state"]["crashes"], 0);
  EXPECT_EQ(on_path["oracles"]["state"]["checks"], 300);
  const json& direct = coverage["test::segv"];
  EXPECT_GT(direct["crashed"], 0);
  EXPECT_EQ(direct["crashed"], direct["oracles"]["state"]["crashes"]);
  EXPECT_EQ(direct["oracles"]["alpha"]["crashes"], 0);
  EXPECT_EQ(coverage["test::gap"]["gaps"].get<int>() + coverage["test::gap"]["executed"].get<int>(), 300);
  EXPECT_EQ(coverage["test::raise"]["raised"].get<int>() + coverage["test::raise"]["executed"].get<int>(),
            300);
}

TEST_F(CampaignTest, CoverageHasWhatAnAuthorReads) {
  run(options("out"));
  const json coverage = read_json(base_ / "out" / "coverage.json")["operators"];
  const json& raising = coverage["test::raise"];
  EXPECT_EQ(raising["drawn"], 300);
  EXPECT_EQ(raising["accepted"].get<int>() + raising["raised"].get<int>(), 300);
  EXPECT_EQ(raising["accepted"], raising["executed"]);
  EXPECT_EQ(raising["last_error"], "RuntimeError: raised on request");
  EXPECT_EQ(raising["missing"], json::array());
  EXPECT_EQ(coverage["test::fine"]["last_error"], "");
  EXPECT_GT(coverage["test::fine"]["oracles"]["alpha"]["reach"]["fallback"], 0);
  const json summary = summary_of(base_ / "out");
  const json& segv = summary["operators"]["test::segv"];
  EXPECT_EQ(segv["drawn"], 300) << "calls that died are counted, too";
  EXPECT_LT(segv["accepted"], 300);
  EXPECT_EQ(segv["findings"], 1);
}

TEST_F(CampaignTest, ResultIsTheSameForAnyNumberOfJobs) {
  CampaignOptions one = options("one"), three = options("three");
  three.jobs = 3;
  run(one);
  run(three);
  EXPECT_EQ(summary_of(one.out), summary_of(three.out));
  EXPECT_THAT(differing(files_of(one.out), files_of(three.out)), testing::IsEmpty());
}

TEST_F(CampaignTest, RunBeginsWithItsSamplesForAnyNumberOfJobs) {
  corpora::Samples samples;
  for (const char* op : {"test::fine", "test::differ_on_path"})
    samples.add(oracles::MisbehavingSubject::case_of(op, 5, 0));
  CampaignOptions first = options("first"), one = options("one"), three = options("three");
  for (CampaignOptions* each : {&first, &one, &three}) each->samples = &samples;
  first.cases = 2;
  three.jobs = 3;
  for (const CampaignOptions* each : {&first, &one, &three}) run(*each);
  const json coverage = read_json(first.out + "/coverage.json")["operators"];
  EXPECT_EQ(coverage["test::differ_on_path"]["oracles"]["alpha"]["differ"], 1);
  EXPECT_EQ(coverage["test::fine"]["oracles"]["beta"]["agree"], 1) << "whatever its share";
  EXPECT_EQ(summary_of(one.out), summary_of(three.out));
  one.knowledge = samples.text();
  run(one);
  EXPECT_EQ(summary_of(one.out)["runs"].size(), 2U) << "samples are part of a run's identity";
}

TEST_F(CampaignTest, SameRunAgainAddsNothing) {
  run(options("out"));
  const auto once = files_of(base_ / "out");
  const json summary = summary_of(base_ / "out");
  const CampaignResult again = run(options("out"));
  EXPECT_EQ(summary_of(base_ / "out"), summary);
  EXPECT_THAT(differing(files_of(base_ / "out"), once), testing::IsEmpty());
  EXPECT_EQ(again.findings, summary["findings"].size());
  CampaignOptions shorter = options("out");
  shorter.cases = 100;
  run(shorter);
  EXPECT_EQ(summary_of(base_ / "out"), summary) << "a shorter run is part of a longer one";
}

TEST_F(CampaignTest, RunWithAnotherSeedAddsToTheTotals) {
  run(options("out"));
  CampaignOptions other = options("out");
  other.rng_seed = 1;
  run(other);
  const json summary = summary_of(base_ / "out");
  EXPECT_EQ(summary["cases"], 6000);
  EXPECT_EQ(summary["runs"].size(), 2U);
}

TEST_F(CampaignTest, TimedAndFailFastRunsAreAPrefix) {
  CampaignOptions timed = options("timed");
  timed.cases = 0;
  timed.seconds = 0.2;
  timed.jobs = 2;
  const uint64_t cases = run(timed).cases;
  ASSERT_GT(cases, 0U);
  CampaignOptions counted = options("counted");
  counted.cases = cases;
  run(counted);
  EXPECT_EQ(summary_of(timed.out), summary_of(counted.out));
  CampaignOptions fast = options("fast");
  fast.cases = 2 * kChunkCases;
  fast.fail_fast = true;
  fast.jobs = 3;
  EXPECT_EQ(run(fast).cases, kChunkCases);
  counted = options("first");
  counted.cases = kChunkCases;
  run(counted);
  EXPECT_THAT(differing(files_of(fast.out), files_of(counted.out)), testing::IsEmpty());
}

TEST_F(CampaignTest, HangIsAFinding) {
  oracles::MisbehavingSubject subject({"test::hang_on_path", "test::fine"});
  CampaignOptions given = options("out");
  given.operators = {0, 1};
  given.cases = 60;
  given.timeout_seconds = 0.05;
  run_campaign(subject, kSteps, known_, given);
  const json coverage = read_json(base_ / "out" / "coverage.json")["operators"];
  EXPECT_GT(coverage["test::hang_on_path"]["oracles"]["alpha"]["timeouts"], 0);
  EXPECT_EQ(coverage["test::hang_on_path"]["executed"], 30);
}

TEST_F(CampaignTest, DetectionThatAFreshProcessDoesNotShowIsNotAFinding) {
  run(options("out"));
  const json summary = summary_of(base_ / "out");
  EXPECT_EQ(summary["unconfirmed"], names_in(base_ / "out" / "unconfirmed").size());
  EXPECT_GT(summary["unconfirmed"], 0);
  for (const json& finding : summary["findings"]) EXPECT_NE(finding["operator"], "test::remember_on_path");
}

TEST_F(CampaignTest, FindingThatNeedsAnEarlierCaseContainsIt) {
  oracles::MisbehavingSubject subject({"test::fine", "test::leave", "test::notice_on_path"});
  CampaignOptions given = options("out");
  given.operators = {0, 1, 2};
  given.cases = 300;
  given.rng_seed = 1;  // with this seed `leave` runs before `notice_on_path`
  run_campaign(subject, kSteps, known_, given);
  const auto findings = reports::read_findings(given.out);
  ASSERT_FALSE(findings.empty());
  const auto& calls = findings.front().minimal.calls;
  ASSERT_GE(calls.size(), 2U);
  EXPECT_EQ(calls.front().op, "test::leave") << "the shortest prefix begins with `leave`";
  EXPECT_EQ(calls.back().op, "test::notice_on_path");
}

}  // namespace fuzz::test
