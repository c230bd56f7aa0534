#include "oracles/isolation/child.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <filesystem>
#include <fstream>
#include <map>
#include <new>

#include "engine/core/address_sanitizer.h"
#include "engine/core/check.h"
#include "engine/core/environment_error.h"
#include "oracles/isolation/child_directory.h"
#include "oracles/trial/storage_layers.h"

namespace oracles {
namespace {

constexpr int kOutOfMemory = 71;
constexpr int kOwnMistake = 70;
constexpr int kEnvironment = 72;
// The parent's, of its children that it has not waited for.
std::map<pid_t, std::filesystem::path> directories;

// The message of the first child that ended with an EnvironmentError. All descendants of a process share it.
struct Refusal {
  std::atomic<bool> is_set = false;
  char line[1000] = "";
};

Refusal& refusal() {
  static Refusal* const shared = [] {
    void* page = mmap(nullptr, sizeof(Refusal), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED) throw engine::EnvironmentError("a page of shared memory", errno);
    return new (page) Refusal;
  }();
  return *shared;
}

[[noreturn]] void end_refused(const engine::EnvironmentError& error) {
  if (!refusal().is_set.exchange(true)) std::strncpy(refusal().line, error.what(), sizeof refusal().line - 1);
  _exit(kEnvironment);
}

void limit(int resource, rlim_t value) {
  rlimit now{};
  if (getrlimit(static_cast<__rlimit_resource>(resource), &now) != 0) return;
  now.rlim_cur = std::min(value, now.rlim_max);
  setrlimit(static_cast<__rlimit_resource>(resource), &now);
}

int64_t address_space_in_use() {
  long long pages = 0;
  if (std::FILE* file = std::fopen("/proc/self/statm", "r")) {
    if (std::fscanf(file, "%lld", &pages) != 1) pages = 0;
    std::fclose(file);
  }
  return pages * sysconf(_SC_PAGESIZE);
}

// Where an allocation failed and nobody could handle it, the process ran out of memory; it did not crash. A
// flag says so, because an exception that meets a noexcept function may be gone when the process ends.
bool allocation_failed = false;
double armed_seconds = 0;
std::chrono::steady_clock::time_point armed_at;
bool address_space_is_free = false;

void note_failed_allocation() {
  allocation_failed = true;
  throw std::bad_alloc();
}

[[noreturn]] void end_uncaught() {
  if (allocation_failed) _exit(kOutOfMemory);
  std::abort();
}

void default_signals() {
  struct sigaction action{};
  action.sa_handler = SIG_DFL;
  for (int number = 1; number < NSIG; ++number) sigaction(number, &action, nullptr);
  // Requests to stop, which may go to a whole process group, are for the parent: it ends its children in
  // order. A file that grows too long is an error of the write.
  action.sa_handler = SIG_IGN;
  for (const int number : {SIGPIPE, SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGXFSZ})
    sigaction(number, &action, nullptr);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
}

// Under a sanitizer its reports are worth more than silence.
void silence() {
  const int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (nowhere < 0) return;
  std::fflush(stdout);
  dup2(nowhere, STDIN_FILENO);
  dup2(nowhere, STDOUT_FILENO);
  if (!engine::has_address_sanitizer) {
    engine::check_end.descriptor = fcntl(engine::check_end.descriptor, F_DUPFD_CLOEXEC, 10);
    dup2(nowhere, STDERR_FILENO);
  }
  if (nowhere > STDERR_FILENO) close(nowhere);
}

void enter(const std::filesystem::path& directory) {
  if (chdir(directory.c_str()) != 0) return;  // a read-only disk is no reason to stop
  setenv("TMPDIR", directory.c_str(), 1);
}

// The limits and silence every child lives under: no core files, no standard input, output to nowhere, memory
// limit, default signals, a directory of its own, death with the parent.
void settle_child(const IsolatedLimits& limits, pid_t parent, const std::filesystem::path& directory) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(0);  // it died before the line above
  armed_seconds = 0;                  // no timer is inherited
  engine::check_end.exit_status = kOwnMistake;
  default_signals();
  silence();
  std::set_new_handler(note_failed_allocation);
  std::set_terminate(end_uncaught);
  limit(RLIMIT_CORE, 0);
  if (limits_address_space() && limits.memory_mib > 0) {
    limit(RLIMIT_AS, static_cast<rlim_t>(address_space_in_use() + (limits.memory_mib << 20)));
  }
  directories.clear();
  forget_child_directories();
  enter(directory);
}

// Until the writer is gone; false when it stays silent for too long.
bool read_all(int descriptor, const IsolatedLimits& limits, std::string& text) {
  char buffer[4096];
  for (;;) {
    if (!wait_readable(descriptor, hung_after_seconds(limits))) return false;
    const ssize_t n = read(descriptor, buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return true;
    text.append(buffer, static_cast<size_t>(n));
  }
}

std::string name_of_signal(int number) {
  const char* name = sigabbrev_np(number);
  return name ? fmt::format("SIG{}", name) : fmt::format("signal {}", number);
}

}  // namespace

void gather_heap() {
  if (engine::has_address_sanitizer) return;  // its heap is elsewhere
  malloc_trim(0);
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    if (!line.ends_with("[heap]")) continue;
    unsigned long from = 0, to = 0;
    if (std::sscanf(line.c_str(), "%lx-%lx", &from, &to) != 2) continue;
    constexpr int collapse = 25;  // MADV_COLLAPSE of Linux 6.1; older systems refuse, and nothing is lost
    madvise(reinterpret_cast<void*>(from), to - from, collapse);
  }
}

bool limits_address_space() { return !engine::has_address_sanitizer && !address_space_is_free; }

void lift_address_space_limit() { address_space_is_free = true; }

void arm_timeout(double seconds) {
  allocation_failed = false;
  // Checks take microseconds, and arming one: a timer that has hardly begun will do.
  const auto now = std::chrono::steady_clock::now();
  const bool fresh = now - armed_at < std::chrono::duration<double>(seconds / 8);
  if (seconds > 0 && seconds == armed_seconds && fresh) return;
  armed_at = now;
  armed_seconds = seconds;
  itimerval timer{};
  timer.it_value.tv_sec = static_cast<time_t>(seconds);
  timer.it_value.tv_usec = static_cast<suseconds_t>((seconds - std::floor(seconds)) * 1e6);
  setitimer(ITIMER_PROF, &timer, nullptr);
}

pid_t fork_child(const IsolatedLimits& limits, const std::function<void()>& body) {
  const pid_t parent = getpid();
  const std::filesystem::path directory = take_child_directory(limits.directory);
  refusal();  // made before the fork, so that all share it
  std::fflush(stdout);
  std::fflush(stderr);
  const pid_t pid = fork();
  if (pid < 0) throw engine::EnvironmentError("a new process", errno);
  if (pid > 0) {
    directories[pid] = directory;
    return pid;
  }
  settle_child(limits, parent, directory);
  try {
    body();
  } catch (const std::bad_alloc&) {
    _exit(kOutOfMemory);
  } catch (const engine::EnvironmentError& error) {
    end_refused(error);
  } catch (const std::filesystem::filesystem_error& error) {
    end_refused(engine::EnvironmentError(error));
  } catch (const std::exception& error) {
    engine::check_failed(__FILE__, __LINE__, "no exception leaves a child", error.what());
  }
  remove_spare_child_directories();
  _exit(0);
}

int wait_for(pid_t pid) {
  int status = 0;
  while (waitpid(pid, &status, 0) < 0) CHECK(errno == EINTR, "waitpid for a child of ours");
  if (const auto child = directories.extract(pid)) give_back_child_directory(child.mapped());
  return status;
}

std::optional<Death> death_of(int wait_status, bool killed_as_hung) {
  using Cause = Death::Cause;
  if (WIFEXITED(wait_status)) {
    const int status = WEXITSTATUS(wait_status);
    if (status == 0) return std::nullopt;
    if (status == kOwnMistake) return Death{Cause::own_mistake, "a check of Faultline's own failed"};
    if (status == kOutOfMemory) return Death{Cause::memory, "out of memory"};
    if (status == kEnvironment && refusal().is_set) {
      const std::string line = refusal().line;
      refusal().is_set = false;
      throw engine::EnvironmentError(line);
    }
    return Death{Cause::crash, fmt::format("exit status {}", status)};
  }
  const int number = WTERMSIG(wait_status);
  if (number == SIGPROF || number == SIGVTALRM || number == SIGXCPU) {
    return Death{Cause::timeout, "out of CPU time"};
  }
  if (killed_as_hung) return Death{Cause::timeout, "waits without end"};
  if (number == SIGKILL) return Death{Cause::memory, "killed, as the system does when memory runs out"};
  return Death{Cause::crash, name_of_signal(number)};
}

Verdict verdict_of(const Death& death, const std::string& op, const corpora::Path& path) {
  Verdict verdict;
  verdict.why = death.how;
  verdict.right = path;
  if (death.cause == Death::Cause::memory && path.empty()) {
    verdict.judgement = Judgement::over_budget;
    return verdict;
  }
  if (has_layer(path, corpora::LayerKind::peer)) {
    verdict.judgement = Judgement::incomparable;  // trouble of the peer is none of the subject's
    return verdict;
  }
  Divergence& divergence = verdict.divergence;
  switch (death.cause) {
    case Death::Cause::timeout:
      verdict.judgement = Judgement::timeout;
      divergence.kind = Kind::timeout;
      break;
    case Death::Cause::memory:
      verdict.judgement = Judgement::memory;
      divergence.kind = Kind::memory;
      break;
    default:
      verdict.judgement = Judgement::crash;
      divergence.kind = Kind::crash;
  }
  divergence.op = op;
  divergence.where = death.how;
  divergence.right = death.how;
  divergence.left = path.empty() ? death.how : "the direct call ends in order";
  divergence.note =
      path.empty() ? "the direct call itself ends the process" : "the process ends on this path only";
  if (death.cause == Death::Cause::own_mistake) {
    divergence.note += "; unless the operator wrote over Faultline's memory, the mistake is Faultline's";
  }
  return verdict;
}

double hung_after_seconds(const IsolatedLimits& limits) {
  return std::max(60.0, 20 * limits.timeout_seconds);
}

bool wait_readable(int descriptor, double seconds) {
  for (;;) {
    pollfd poll_one{descriptor, POLLIN, 0};
    const int ready = poll(&poll_one, 1, static_cast<int>(seconds * 1000));
    if (ready >= 0 || errno != EINTR) return ready > 0;
  }
}

ChildAnswer run_in_child(const IsolatedLimits& limits, const std::function<std::string()>& body) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw engine::EnvironmentError("a pipe", errno);
  const pid_t pid = fork_child(limits, [&] {
    arm_timeout(limits.timeout_seconds);
    const std::string text = body();
    for (size_t sent = 0; sent < text.size();) {
      const ssize_t n = write(ends[1], text.data() + sent, text.size() - sent);
      if (n < 0 && errno != EINTR) break;
      if (n > 0) sent += static_cast<size_t>(n);
    }
  });
  close(ends[1]);
  ChildAnswer answer;
  const bool hung = !read_all(ends[0], limits, answer.text);
  close(ends[0]);
  if (hung) kill(pid, SIGKILL);
  answer.death = death_of(wait_for(pid), hung);
  return answer;
}

void PathMark::set(const corpora::Path& path) {
  layers = 0;  // never a count without its layers
  const auto count = static_cast<uint32_t>(std::min(path.size(), std::size(layer)));
  std::copy_n(path.begin(), count, layer);
  layers = count;
}

}  // namespace oracles
