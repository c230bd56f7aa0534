// CommandTest: a test that runs the built command in a folder of its own. A file that includes this mentions
// FAULTLINE_BINARY_DIR, so that the build defines it.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

namespace cli {

namespace fs = std::filesystem;
using nlohmann::json;

struct Ran {
  int status;
  std::string out, err;
};

inline std::string text_of(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

class CommandTest : public testing::Test {
 protected:
  void SetUp() override { fs::create_directories(folder_); }
  void TearDown() override { fs::remove_all(folder_); }

  // Runs `faultline ARGUMENTS` in a folder of its own.
  Ran run(const std::string& arguments, const std::string& to = ">out.txt 2>err.txt") const {
    const std::string command = "cd " + folder_.string() + " && " FAULTLINE_BINARY_DIR "/bin/faultline " +
                                arguments + " </dev/null " + to;
    const int status = std::system(command.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, text_of(folder_ / "out.txt"),
            text_of(folder_ / "err.txt")};
  }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
  }

  // Bad input: status 2, one line that contains `part`, nothing on standard output.
  void expect_refused(const std::string& arguments, const std::string& part) const {
    const Ran ran = run(arguments);
    EXPECT_EQ(ran.status, 2) << arguments << "\n" << ran.err;
    EXPECT_EQ(ran.out, "") << arguments;
    EXPECT_EQ(std::count(ran.err.begin(), ran.err.end(), '\n'), 1) << arguments << "\n" << ran.err;
    EXPECT_NE(ran.err.find(part), std::string::npos) << arguments << "\n" << ran.err;
  }

  const fs::path folder_ = fs::temp_directory_path() / ("faultline-cli-" + std::to_string(::getpid()));
  const bool has_torch_ = fs::exists(FAULTLINE_BINARY_DIR "/lib/libfaultline_torch.so");
};

#define NEEDS_TORCH() \
  if (!has_torch_) GTEST_SKIP() << "this build has no torch plug-in"

}  // namespace cli
