// faultline: the command as an executable.
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include "cli/command_line.h"

namespace {

// A case allocates hundreds of small blocks, and glibc keeps only seven freed blocks of a size for each
// thread. It reads the number from the environment when a program starts, so the program starts itself again.
void keep_more_blocks(char** argv) {
  if (std::getenv("GLIBC_TUNABLES")) return;
  setenv("GLIBC_TUNABLES", "glibc.malloc.tcache_count=1000", 1);
  std::error_code none;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", none);
  execv(self.c_str(), argv);  // if that fails, the run is only slower
}

}  // namespace

int main(int argc, char** argv) {
  keep_more_blocks(argv);
  std::signal(SIGXFSZ, SIG_IGN);  // a file that grows too long is an error of the write
  return cli::run(std::vector<std::string>(argv + 1, argv + argc));
}
