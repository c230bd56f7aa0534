// What the system refuses during a run: an EnvironmentError with one line, and the next run can use the
// folder.
#include "fuzz/campaign/out_directory.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <functional>
#include <string>

#include "engine/core/environment_error.h"

namespace fuzz {
namespace {

namespace fs = std::filesystem;

struct Folder {
  fs::path path = fs::path(testing::TempDir()) / ("out_directory_test." + std::to_string(getpid()));
  Folder() { fs::remove_all(path); }
  ~Folder() { fs::remove_all(path); }
};

// Whether `act` throws an EnvironmentError of one line, in a process with a limit on the size of files.
bool refused_with_files_of(rlim_t bytes, const std::function<void()>& act) {
  const pid_t pid = fork();
  if (pid == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit most{bytes, bytes};
    setrlimit(RLIMIT_FSIZE, &most);
    try {
      act();
    } catch (const engine::EnvironmentError& error) {
      _exit(std::string(error.what()).find('\n') == std::string::npos ? 7 : 8);
    }
    _exit(0);
  }
  int status = 0;
  waitpid(pid, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 7;
}

TEST(OutDirectory, FileThatCannotGrowIsRefusedAndTheOldOneStays) {
  const Folder folder;
  OutDirectory out(folder.path);
  const fs::path file = out.path() / "summary.json";
  out.write_file(file, "before");
  EXPECT_TRUE(refused_with_files_of(10, [&] { out.write_file(file, std::string(100, 'x')); }));
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
