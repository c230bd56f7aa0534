// What the system refuses during a run: an EnvironmentError with one line, and the next run can use the
// folder.
#include "fuzz/campaign/out_directory.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "engine/core/environment_error.h"
#include "fuzz/campaign/limited_files_cases.h"

namespace fuzz {
namespace {

namespace fs = std::filesystem;

struct Folder {
  fs::path path = fs::path(testing::TempDir()) / ("out_directory_test." + std::to_string(getpid()));
  Folder() { fs::remove_all(path); }
  ~Folder() { fs::remove_all(path); }
};

TEST(OutDirectory, FileThatCannotGrowIsRefusedAndTheOldOneStays) {
  const Folder folder;
  OutDirectory out(folder.path);
  const fs::path file = out.path() / "summary.json";
  out.write_file(file, "before");
  EXPECT_EQ(test::ended_with_files_of(10, [&] { out.write_file(file, std::string(100, 'x')); }),
            test::Ended::refused);
  EXPECT_EQ(read_text(file), "before");
  EXPECT_TRUE(fs::is_empty(out.work())) << "no unfinished file is left";
}

TEST(OutDirectory, RemovedFolderIsRefused) {
  const Folder folder;
  OutDirectory out(folder.path);
  fs::remove_all(folder.path);
  EXPECT_THROW(out.write_file(out.path() / "summary.json", "text"), engine::EnvironmentError);
}

}  // namespace
}  // namespace fuzz
