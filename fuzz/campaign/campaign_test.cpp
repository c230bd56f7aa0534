#include "fuzz/campaign/campaign.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "corpora/case/samples.h"
#include "corpora/case/text.h"
#include "engine/core/environment_error.h"
#include "engine/core/input_error.h"
#include "fuzz/campaign/chunk_memory.h"
#include "fuzz/campaign/out_directory.h"
#include "oracles/isolation/misbehaving_subject.h"
#include "reports/finding.h"

namespace fuzz {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

const oracles::Oracle kAlpha{.name = "alpha", .promise = "", .check = oracles::scripted_check, .planted = {}};
const oracles::Oracle kBeta{
    .name = "beta", .promise = "", .check = oracles::scripted_check, .share = 2, .planted = {}};
const oracles::Oracle kState{.name = "state",
                             .promise = "",
                             .check =
                                 [](oracles::Trial& trial) {
                                   trial.direct();
                                   return oracles::Verdict{};
                                 },
                             .planted = {}};
const std::vector<const oracles::Oracle*> kOracles{&kAlpha, &kBeta, &kState};

// One case in eight misbehaves.
corpora::Case draw(const corpora::Operator& op, corpora::ChoiceSource& choices) {
  const uint64_t rng_seed = choices.below(1000);
  const uint64_t cue = choices.below(8);
  return oracles::MisbehavingSubject::case_of(op.name, rng_seed, cue);
}

// Without minimising: a finding is its signature.
std::optional<reports::Finding> investigate(const reports::Detection& detection, oracles::Subject&,
                                            oracles::Isolated& isolated, const reports::KnownEntries&,
                                            const std::set<std::string>& confirmed, std::string& why) {
  const oracles::Oracle* oracle = nullptr;
  for (const oracles::Oracle* one : kOracles)
    if (one->name == detection.signature.oracle) oracle = one;
  reports::Finding finding;
  finding.verdict = isolated.check(detection.raw, *oracle, true);
  if (!finding.verdict.is_detection()) {
    why = "a fresh process does not show it";
    return std::nullopt;
  }
  finding.signature = detection.signature;
  finding.minimal = detection.raw;
  finding.origin = detection.origin;
  finding.fingerprint = fmt::format("{:016x}", std::hash<std::string>()(to_string(detection.signature)));
  finding.group = finding.fingerprint;
  finding.repeats = confirmed.contains(finding.fingerprint);
  return finding;
}

const CampaignSteps kSteps{draw, investigate, [](const auto&, const auto&) { return std::string(); }};

json read_json(const fs::path& file) { return json::parse(std::ifstream(file)); }

// summary.json without what may differ between two equal runs.
json summary_of(const fs::path& out) {
  json summary = read_json(out / "summary.json");
  summary.erase("seconds");
  return summary;
}

std::vector<std::string> names_in(const fs::path& directory) {
  std::vector<std::string> names;
  if (fs::exists(directory))
    for (const auto& entry : fs::directory_iterator(directory)) names.push_back(entry.path().filename());
  std::ranges::sort(names);
  return names;
}

// The files that a run writes, without those that contain times.
std::map<std::string, std::string> files_of(const fs::path& out) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(out)) {
    const std::string name = entry.path().lexically_relative(out);
    if (!entry.is_regular_file() || name.starts_with("runs/") || name == "summary.json") continue;
    std::ostringstream text;
    text << std::ifstream(entry.path()).rdbuf();
    files[name] = text.str();
  }
  return files;
}

// The names of files that only one side has, or that differ.
std::vector<std::string> differing(const std::map<std::string, std::string>& a,
                                   const std::map<std::string, std::string>& b) {
  std::vector<std::string> names;
  for (const auto& [name, text] : a) {
    const auto found = b.find(name);
    if (found == b.end() || found->second != text) names.push_back(name);
  }
  for (const auto& [name, text] : b)
    if (!a.contains(name)) names.push_back(name);
  return names;
}

class CampaignTest : public testing::Test {
 protected:
  void SetUp() override {
    base_ = fs::path(testing::TempDir()) / ("campaign_test." + std::to_string(getpid()));
    fs::remove_all(base_);
  }
  void TearDown() override { fs::remove_all(base_); }

  CampaignOptions options(const std::string& out) const {
    CampaignOptions options;
    for (size_t i = 0; i < subject_.catalog().operators().size(); ++i) options.operators.push_back(i);
    options.oracles = kOracles;
    options.cases = 3000;
    options.out = base_ / out;
    options.progress = false;
    return options;
  }
  CampaignResult run(const CampaignOptions& given) { return run_campaign(subject_, kSteps, known_, given); }

  fs::path base_;
  reports::KnownEntries known_;
  oracles::MisbehavingSubject subject_{{"test::fine", "test::segv", "test::segv_on_path", "test::raise",
                                        "test::raise_on_path", "test::gap", "test::differ_on_path",
                                        "test::fine2", "test::abort_on_path", "test::remember_on_path"}};
};

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

TEST_F(CampaignTest, KilledRunCanBeRunAgain) {
  CampaignOptions undisturbed = options("undisturbed"), killed = options("killed");
  undisturbed.jobs = killed.jobs = 2;
  run(undisturbed);
  for (int i = 0; i < 12; ++i) {
    const pid_t pid = fork();
    if (pid == 0) {
      run(killed);
      _exit(0);
    }
    usleep(15'000 * (i + 1));
    const auto findings = names_in(base_ / "killed" / "findings");
    kill(pid, SIGKILL);
    waitpid(pid, nullptr, 0);
    const auto left = names_in(base_ / "killed" / "findings");
    for (const std::string& name : findings)
      if (name.find('.') == std::string::npos) {
        EXPECT_THAT(left, testing::Contains(name));
      }
  }
  run(killed);
  EXPECT_EQ(summary_of(killed.out), summary_of(undisturbed.out));
  EXPECT_THAT(differing(files_of(killed.out), files_of(undisturbed.out)), testing::IsEmpty());
}

// A limit on the size of files refuses writes like a full disk: a small one refuses detections, a larger one
// findings or the summary.
TEST_F(CampaignTest, RunWithARefusedWriteCanBeRunAgain) {
  CampaignOptions undisturbed = options("undisturbed"), refused = options("refused");
  undisturbed.jobs = refused.jobs = 2;
  run(undisturbed);
  int refusals = 0;
  for (const rlim_t bytes : {100, 1500, 3000, 5000}) {
    const pid_t pid = fork();
    if (pid == 0) {
      std::signal(SIGXFSZ, SIG_IGN);
      const rlimit most{bytes, bytes};
      setrlimit(RLIMIT_FSIZE, &most);
      try {
        run(refused);
      } catch (const engine::EnvironmentError& error) {
        _exit(std::string(error.what()).find("File too large") != std::string::npos ? 7 : 1);
      }
      _exit(0);
    }
    int status = 0;
    waitpid(pid, &status, 0);
    ASSERT_TRUE(WIFEXITED(status)) << bytes;
    EXPECT_THAT(WEXITSTATUS(status), testing::AnyOf(0, 7)) << bytes;
    refusals += WEXITSTATUS(status) == 7;
  }
  EXPECT_GE(refusals, 3);
  run(refused);
  EXPECT_EQ(summary_of(refused.out), summary_of(undisturbed.out));
  EXPECT_THAT(differing(files_of(refused.out), files_of(undisturbed.out)), testing::IsEmpty());
}

TEST_F(CampaignTest, FolderRemovedDuringARunIsRefused) {
  const CampaignOptions given = options("out");
  CampaignSteps steps = kSteps;
  steps.draw = [&](const corpora::Operator& op, corpora::ChoiceSource& choices) {
    fs::remove_all(fs::path(given.out) / "pending");
    return draw(op, choices);
  };
  EXPECT_THROW(run_campaign(subject_, steps, known_, given), engine::EnvironmentError);
}

TEST_F(CampaignTest, InterruptEndsInOrder) {
  CampaignOptions given = options("out");
  given.cases = 0;
  given.seconds = 600;
  const pid_t pid = fork();
  if (pid == 0) _exit(run(given).interrupted ? 7 : 1);
  while (!fs::exists(base_ / "out" / "pending")) usleep(1000);
  usleep(300'000);
  kill(pid, SIGINT);
  int status = 0;
  waitpid(pid, &status, 0);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 7);
  EXPECT_EQ(summary_of(given.out)["cases"].get<uint64_t>() % kChunkCases, 0U);
  EXPECT_FALSE(fs::exists(base_ / "out" / "work"));
}

TEST_F(CampaignTest, SecondRunInTheSameFolderIsRefused) {
  const OutDirectory held(base_ / "out");
  try {
    run(options("out"));
    FAIL() << "the directory is in use";
  } catch (const engine::InputError& error) {
    EXPECT_EQ(error.where(), "--out");
    EXPECT_EQ(error.line().find('\n'), std::string::npos);
  }
}

TEST_F(CampaignTest, OutThatIsAFileIsRefused) {
  fs::create_directories(base_);
  std::ofstream(base_ / "file") << "not a directory";
  EXPECT_THROW(run(options("file")), engine::InputError);
}

}  // namespace
}  // namespace fuzz
