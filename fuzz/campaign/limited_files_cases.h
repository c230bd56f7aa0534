// Limited files cases: for tests, a process whose files may have so many bytes and no more. Its writes are
// refused as on a full disk.
#pragma once

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <functional>
#include <string>

#include "engine/core/environment_error.h"

namespace fuzz::test {

enum class Ended { in_order, refused, otherwise };

// How `act` ends in such a process: `refused` is an EnvironmentError of one line about the size of a file.
inline Ended ended_with_files_of(rlim_t bytes, const std::function<void()>& act) {
  const pid_t pid = fork();
  if (pid == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit most{bytes, bytes};
    setrlimit(RLIMIT_FSIZE, &most);
    try {
      act();
    } catch (const engine::EnvironmentError& error) {
      const std::string line = error.what();
      const bool as_expected = line.find("File too large") != line.npos && line.find('\n') == line.npos;
      _exit(static_cast<int>(as_expected ? Ended::refused : Ended::otherwise));
    }
    _exit(static_cast<int>(Ended::in_order));
  }
  int status = 0;
  waitpid(pid, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) < 2 ? static_cast<Ended>(WEXITSTATUS(status))
                                                      : Ended::otherwise;
}

}  // namespace fuzz::test
