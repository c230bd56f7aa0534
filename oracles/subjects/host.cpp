#include "oracles/subjects/host.h"

#include <unistd.h>

namespace oracles {

namespace {

Host* current_host = nullptr;

}  // namespace

Host* host() { return current_host; }
void set_host(Host* host) { current_host = host; }

pid_t fork_process() {
  if (!current_host) return fork();
  current_host->before_fork();
  const pid_t pid = fork();
  current_host->after_fork(pid == 0);
  return pid;
}

std::string_view module_in(std::string_view loaded) {
  constexpr std::string_view mark = "python:";
  return loaded.starts_with(mark) ? loaded.substr(mark.size()) : std::string_view();
}

}  // namespace oracles
