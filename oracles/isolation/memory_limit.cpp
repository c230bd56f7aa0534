#include "oracles/isolation/memory_limit.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace oracles {

namespace {

constexpr long interval_nanoseconds = 10'000'000;  // a process fills some 50 MiB in that time

int64_t pages_allowed = 0;
int status_of_exit = 0;

// The numbers of pages of the process, of /proc/self/statm. Reads them without allocating, because a signal
// may have interrupted an allocation.
struct Pages {
  int64_t address_space = 0, resident = 0;
};

Pages pages_in_use() {
  const int file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  if (file < 0) return {};
  char text[128];
  const ssize_t length = read(file, text, sizeof text);
  close(file);
  int64_t numbers[3] = {};
  size_t at = 0;
  for (ssize_t i = 0; i < length && at < 2; ++i) {
    if (text[i] == ' ') {
      ++at;
    } else {
      numbers[at] = numbers[at] * 10 + (text[i] - '0');
    }
  }
  return {numbers[0], numbers[1]};
}

int64_t pages_of(int64_t mib) { return (mib << 20) / sysconf(_SC_PAGESIZE); }

void look(int) {
  const int kept = errno;
  if (pages_in_use().resident > pages_allowed) _exit(status_of_exit);
  errno = kept;
}

}  // namespace

void limit_address_space(int64_t mib) {
  rlimit now{};
  if (getrlimit(RLIMIT_AS, &now) != 0) return;
  const int64_t pages = pages_in_use().address_space + pages_of(mib);
  now.rlim_cur = std::min(static_cast<rlim_t>(pages * sysconf(_SC_PAGESIZE)), now.rlim_max);
  setrlimit(RLIMIT_AS, &now);
}

void limit_resident_memory(int64_t mib, int status) {
  pages_allowed = pages_in_use().resident + pages_of(mib);
  status_of_exit = status;
  struct sigaction action{};
  action.sa_handler = look;
  action.sa_flags = SA_RESTART;
  const int number = SIGRTMIN + 5;
  sigaction(number, &action, nullptr);
  sigevent event{};
  event.sigev_notify = SIGEV_SIGNAL;
  event.sigev_signo = number;
  timer_t timer{};
  if (timer_create(CLOCK_PROCESS_CPUTIME_ID, &event, &timer) != 0) return;
  itimerspec every{};
  every.it_value.tv_nsec = every.it_interval.tv_nsec = interval_nanoseconds;
  timer_settime(timer, 0, &every, nullptr);
}

}  // namespace oracles
