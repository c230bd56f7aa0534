// Campaigns that end early, or whose folder does not do what they need.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <csignal>
#include <fstream>

#include "engine/core/environment_error.h"
#include "engine/core/input_error.h"
#include "fuzz/campaign/campaign_cases.h"
#include "fuzz/campaign/chunk_memory.h"
#include "fuzz/campaign/limited_files_cases.h"
#include "fuzz/campaign/out_directory.h"

namespace fuzz::test {

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
    const Ended ended = ended_with_files_of(bytes, [&] { run(refused); });
    EXPECT_NE(ended, Ended::otherwise) << bytes;
    refusals += ended == Ended::refused;
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

}  // namespace fuzz::test
