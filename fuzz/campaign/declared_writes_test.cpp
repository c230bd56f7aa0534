// What only a whole run shows: an argument that the schema declares as written, and that no call writes.
#include "oracles/invariants/declared_writes.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "fuzz/campaign/campaign.h"
#include "fuzz/campaign/case_order.h"
#include "oracles/isolation/misbehaving_subject.h"

namespace fuzz {
namespace {

using nlohmann::json;

corpora::Case drawn(const corpora::Operator& op, corpora::ChoiceSource& choices) {
  const uint64_t rng_seed = choices.below(1000);
  return oracles::MisbehavingSubject::case_of(op.name, rng_seed, choices.below(8));
}

// Without confirming and minimising.
std::optional<reports::Finding> as_found(const reports::Detection& detection, oracles::Subject&,
                                         oracles::Isolated&, const reports::KnownEntries&,
                                         const std::set<std::string>&, std::string&) {
  reports::Finding finding;
  finding.signature = detection.signature;
  finding.minimal = detection.raw;
  finding.origin = detection.origin;
  finding.verdict.judgement = oracles::Judgement::differ;
  finding.verdict.divergence.kind = detection.signature.kind;
  finding.fingerprint = finding.group = "0123456789abcdef";
  return finding;
}

class UnwrittenArgument : public testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove_all(base_); }

  // summary.json of a run on both operators, each of which is drawn for half of the cases.
  json summary(uint64_t cases, int jobs) {
    CampaignOptions options;
    options.operators = {0, 1};
    options.oracles = {oracles::find_oracle("state"), oracles::find_oracle("schema")};
    options.cases = cases;
    options.jobs = jobs;
    options.out = base_ / std::to_string(jobs);
    options.progress = false;
    const CampaignSteps steps{drawn, as_found, [](const auto&, const auto&) { return std::string(); }};
    run_campaign(subject_, steps, {}, options);
    json summary = json::parse(std::ifstream(options.out + "/summary.json"));
    summary.erase("seconds");
    return summary;
  }

  oracles::MisbehavingSubject subject_{{"test::never_write", "test::write_sometimes"}};
  std::filesystem::path base_ =
      std::filesystem::path(testing::TempDir()) / ("unwritten_test." + std::to_string(getpid()));
};

TEST_F(UnwrittenArgument, IsOneFindingForAnyNumberOfJobs) {
  const json one = summary(3 * kChunkCases, 1);
  ASSERT_EQ(one["findings"].size(), 1U);
  EXPECT_EQ(one["findings"][0]["operator"], "test::never_write");
  EXPECT_EQ(one["findings"][0]["kind"], "mutation");
  EXPECT_EQ(one["differ"], 1) << "a check of the whole run";
  EXPECT_EQ(one, summary(3 * kChunkCases, 3));
}

TEST_F(UnwrittenArgument, IsNotReportedAfterTooFewCalls) {
  EXPECT_EQ(summary(oracles::DeclaredWrites::calls_needed, 1)["findings"].size(), 0U);
}

}  // namespace
}  // namespace fuzz
