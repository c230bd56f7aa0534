#include "reports/files.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "engine/core/environment_error.h"
#include "engine/core/input_error.h"
#include "reports/example_findings.h"

namespace reports {
namespace {

namespace fs = std::filesystem;

TEST(Files, FullDeviceIsRefusedAndStaysADevice) {
  EXPECT_THROW(write_text("/dev/full", "text"), engine::EnvironmentError);
  EXPECT_TRUE(fs::is_character_file("/dev/full"));
}

TEST(Files, MissingFolderIsRefusedInOneLine) {
  const example::Directory base("files");
  try {
    write_text(base / "absent/file", "text");
    FAIL() << "a file in a folder that does not exist";
  } catch (const engine::EnvironmentError& error) {
    EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos);
  }
}

TEST(Files, RefusedFindingLeavesNothingBehind) {
  const example::Directory base("files");
  write_text(base / "file", "a file where a folder is expected");
  EXPECT_ANY_THROW(write_finding(example::zero_strides(), base / "file/0123"));
  EXPECT_THROW(make_folder(base / "file/folder"), engine::InputError);
  EXPECT_EQ(std::distance(fs::directory_iterator(base / ""), {}), 1);
}

}  // namespace
}  // namespace reports
