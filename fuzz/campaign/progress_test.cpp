#include "fuzz/campaign/progress.h"

#include <gtest/gtest.h>

namespace fuzz {
namespace {

TEST(Progress, LastLineSaysThatAllWereRun) {
  testing::internal::CaptureStderr();
  Progress progress(true);
  for (size_t done = 1; done <= 17; ++done) progress.show_reproducers(done, 17);
  progress.show_investigation(3, 3, 2);
  const std::string text = testing::internal::GetCapturedStderr();
  EXPECT_NE(text.find("reproducers: 17 of 17 were run"), std::string::npos) << text;
  EXPECT_NE(text.find("investigating: 3 of 3 signatures, 2 findings"), std::string::npos) << text;
}

TEST(Progress, SwitchedOffPrintsNothing) {
  testing::internal::CaptureStderr();
  Progress(false).show_reproducers(17, 17);
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

}  // namespace
}  // namespace fuzz
