#include "oracles/isolation/fresh_processes.h"

#include <gtest/gtest.h>

#include "oracles/isolation/misbehaving_subject.h"

namespace oracles {
namespace {

TEST(FreshProcesses, NothingHasRunBeforeTheFirstProgram) {
  MisbehavingSubject subject({"author::notice", "author::leave", "author::segv"});
  FreshProcesses fresh(subject, {});
  const auto notice = MisbehavingSubject::case_of("author::notice", 1, 0);
  const auto leave = MisbehavingSubject::case_of("author::leave", 1, 0);
  const auto alone = fresh.run({notice}), again = fresh.run({notice});
  ASSERT_TRUE(alone && again);
  const auto values = [](const FreshRun& run) { return run.last.results.front().tensor.values; };
  EXPECT_EQ(values(*alone), values(*again));
  const auto later = fresh.run({leave, notice});
  ASSERT_TRUE(later);
  EXPECT_EQ(later->returned, (std::vector<bool>{true, true}));
  EXPECT_NE(values(*later), values(*alone));
}

TEST(FreshProcesses, ProgramThatDiesHasNoOutcome) {
  MisbehavingSubject subject({"author::notice", "author::segv"});
  FreshProcesses fresh(subject, {});
  EXPECT_FALSE(fresh.run({MisbehavingSubject::case_of("author::segv", 1, 0)}));
  EXPECT_TRUE(fresh.run({MisbehavingSubject::case_of("author::notice", 1, 0)}));
}

TEST(FreshProcesses, AreProvidedWhileTheyLive) {
  MisbehavingSubject subject({"author::notice"});
  {
    const FreshProcesses fresh(subject, {});
    EXPECT_TRUE(fresh_runs());
  }
  EXPECT_FALSE(fresh_runs());
}

}  // namespace
}  // namespace oracles
