// Raw detections on disk: what the campaign knew of their origin reaches the finding.
#include "fuzz/campaign/pending.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "fuzz/campaign/out_directory.h"
#include "reports/example_findings.h"
#include "reports/origin_json.h"

namespace fuzz {
namespace {

TEST(Pending, EveryPartOfTheOriginIsReadAgain) {
  const auto path = std::filesystem::path(testing::TempDir()) / ("pending_test." + std::to_string(getpid()));
  std::filesystem::remove_all(path);
  const reports::Finding finding = reports::example::zero_strides();
  Pending pending{.name = {}, .run = "a run", .process_began = 3, .detection = {}};
  pending.detection = {finding.minimal, finding.signature, finding.origin};
  reports::Origin& origin = pending.detection.origin;
  origin.load = {"libmine.so"};
  origin.tolerances = {"mine.tolerances"};
  origin.plant = "zero_value";
  origin.of_author = true;
  origin.toolchain = {"/env/bin/python3", "-I/env/include"};
  {
    OutDirectory out(path.string());
    write_pending(out, pending, finding.verdict);
    const std::vector<Pending> all = read_pending(out);
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(reports::json_of(all[0].detection.origin), reports::json_of(origin));
    EXPECT_TRUE(all[0].detection.origin.of_author);
    EXPECT_EQ(all[0].detection.origin.toolchain.python, origin.toolchain.python);
    EXPECT_EQ(all[0].detection.origin.toolchain.cpp_flags, origin.toolchain.cpp_flags);
  }
  std::filesystem::remove_all(path);
}

}  // namespace
}  // namespace fuzz
