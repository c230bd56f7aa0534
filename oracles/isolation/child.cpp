#include "oracles/isolation/child.h"

#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
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
#include "oracles/compare/divergence_text.h"
#include "oracles/isolation/child_directory.h"
#include "oracles/isolation/child_output.h"
#include "oracles/isolation/memory_limit.h"
#include "oracles/subjects/host.h"
#include "oracles/trial/storage_layers.h"

namespace oracles {
namespace {

constexpr int kInOrder = 73;  // not 0, because an operator may call exit(0)
constexpr int kOutOfMemory = 71;
constexpr int kOwnMistake = 70;
constexpr int kEnvironment = 72;

// What the parent keeps of each child that it has not waited for.
struct Belongings {
  std::filesystem::path directory;
  int output = -1;
};
std::map<pid_t, Belongings> children;

bool output_is_kept = false;  // in a child: by child_output.h
bool crashes_are_handled = false;

// The message of the first child that ended with an EnvironmentError. All descendants of a process share it.
struct EnvironmentFailure {
  std::atomic<bool> is_set = false;
  char line[1000] = "";
};

EnvironmentFailure& environment_failure() {
  static auto* const shared = new (shared_memory(sizeof(EnvironmentFailure))) EnvironmentFailure;
  return *shared;
}

[[noreturn]] void end_with(const engine::EnvironmentError& error) {
  EnvironmentFailure& failure = environment_failure();
  if (!failure.is_set.exchange(true)) std::strncpy(failure.line, error.what(), sizeof failure.line - 1);
  _exit(kEnvironment);
}

// If a failed allocation ends the process, it ran out of memory and did not crash. A flag, because the
// std::bad_alloc may be gone by then: a noexcept function that it leaves calls std::terminate.
bool allocation_failed = false;
using Clock = std::chrono::steady_clock;
double armed_seconds = 0;
Clock::time_point armed_at;

void start_timer(double seconds) {
  armed_at = Clock::now();
  armed_seconds = seconds;
  itimerval timer{};
  timer.it_value.tv_sec = static_cast<time_t>(seconds);
  timer.it_value.tv_usec = static_cast<suseconds_t>((seconds - std::floor(seconds)) * 1e6);
  setitimer(ITIMER_PROF, &timer, nullptr);
}
bool address_space_is_free = false;

void note_failed_allocation() {
  allocation_failed = true;
  throw std::bad_alloc();
}

[[noreturn]] void end_uncaught() {
  if (allocation_failed) _exit(kOutOfMemory);
  std::abort();
}

bool is_crash(int number) {
  return number == SIGSEGV || number == SIGBUS || number == SIGFPE || number == SIGILL || number == SIGABRT;
}

void default_signals() {
  struct sigaction action{};
  action.sa_handler = SIG_DFL;
  for (int number = 1; number < NSIG; ++number)
    if (!crashes_are_handled || !is_crash(number)) sigaction(number, &action, nullptr);
  // A terminal sends requests to stop to the whole process group; the parent ends its children in order.
  // Without SIGXFSZ, a file that grows too long is an error of the write.
  action.sa_handler = SIG_IGN;
  for (const int number : {SIGPIPE, SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGXFSZ})
    sigaction(number, &action, nullptr);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
}

// Both streams go to `output`, line by line, because a crash loses what is still buffered; except under
// AddressSanitizer, whose reports must be seen.
void redirect_streams(int output) {
  const int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (nowhere < 0) return;
  std::fflush(stdout);
  dup2(nowhere, STDIN_FILENO);
  dup2(nowhere, STDOUT_FILENO);
  if (!engine::has_address_sanitizer) {
    engine::check_end.descriptor = fcntl(engine::check_end.descriptor, F_DUPFD_CLOEXEC, 10);
    output_is_kept = dup2(output < 0 ? nowhere : output, STDERR_FILENO) >= 0 && output >= 0;
    if (output_is_kept && dup2(output, STDOUT_FILENO) >= 0) std::setvbuf(stdout, nullptr, _IOLBF, 0);
  }
  if (nowhere > STDERR_FILENO) close(nowhere);
}

void enter(const std::filesystem::path& directory) {
  if (chdir(directory.c_str()) != 0) return;  // on a read-only disk: the child stays where it is
  setenv("TMPDIR", directory.c_str(), 1);
}

void limit_memory(int64_t mib) {
  if (mib <= 0) return;
  if (limits_address_space()) {
    limit_address_space(mib);
  } else {
    limit_resident_memory(mib, kOutOfMemory);
  }
}

// Sets up a child: no core files, no standard input, captured output, a memory limit, default signals, a
// private directory, death with the parent.
void settle_child(const IsolatedLimits& limits, pid_t parent, const Belongings& own) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(0);  // the parent died before the line above
  armed_seconds = 0;                  // a child does not inherit the timer
  engine::check_end.exit_status = kOwnMistake;
  default_signals();
  redirect_streams(own.output);
  std::set_new_handler(note_failed_allocation);
  std::set_terminate(end_uncaught);
  const rlimit no_core{};
  setrlimit(RLIMIT_CORE, &no_core);
  limit_memory(limits.memory_mib);
  for (const auto& [pid, other] : children) close(other.output);
  children.clear();
  forget_child_directories();
  enter(own.directory);
}

// Reads until the other end is closed. False if nothing comes for too long.
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

}  // namespace

void gather_heap() {
  if (engine::has_address_sanitizer) return;  // it has a heap of its own
  malloc_trim(0);
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    if (!line.ends_with("[heap]")) continue;
    unsigned long from = 0, to = 0;
    if (std::sscanf(line.c_str(), "%lx-%lx", &from, &to) != 2) continue;
    constexpr int collapse =
        25;  // MADV_COLLAPSE of Linux 6.1; older kernels return an error, which is ignored
    madvise(reinterpret_cast<void*>(from), to - from, collapse);
  }
}

bool limits_address_space() { return !engine::has_address_sanitizer && !address_space_is_free; }

void keep_crash_handlers() { crashes_are_handled = true; }

void lift_address_space_limit() { address_space_is_free = true; }

void arm_timeout(double seconds) {
  allocation_failed = false;
  // A check takes microseconds, as does starting the timer: keep a timer that has just been started.
  const bool fresh = Clock::now() - armed_at < std::chrono::duration<double>(seconds / 8);
  if (seconds > 0 && seconds == armed_seconds && fresh) return;
  start_timer(seconds);
}

void restart_timeout() {
  if (armed_seconds > 0) start_timer(armed_seconds);
}

pid_t fork_child(const IsolatedLimits& limits, const std::function<void()>& body) {
  const pid_t parent = getpid();
  const Belongings own{take_child_directory(limits.directory), make_child_output()};
  environment_failure();  // allocated before the fork, so that all share it
  std::fflush(stdout);
  std::fflush(stderr);
  const pid_t pid = fork_process();
  if (pid < 0) throw engine::EnvironmentError("a new process", errno);
  if (pid > 0) {
    children[pid] = own;
    return pid;
  }
  settle_child(limits, parent, own);
  try {
    body();
  } catch (const std::bad_alloc&) {
    _exit(kOutOfMemory);
  } catch (const engine::EnvironmentError& error) {
    end_with(error);
  } catch (const std::filesystem::filesystem_error& error) {
    end_with(engine::EnvironmentError(error));
  } catch (const std::exception& error) {
    engine::check_failed(__FILE__, __LINE__, "no exception leaves a child", error.what());
  }
  remove_spare_child_directories();
  _exit(kInOrder);
}

void forget_output() {
  if (output_is_kept) lseek(STDERR_FILENO, 0, SEEK_SET);
}

Ended wait_for(pid_t pid) {
  Ended ended;
  while (waitpid(pid, &ended.status, 0) < 0) CHECK(errno == EINTR, "waitpid for a child");
  if (const auto child = children.extract(pid)) {
    give_back_child_directory(child.mapped().directory);
    if (child.mapped().output >= 0) {
      ended.last_output = last_lines(child.mapped().output);
      close(child.mapped().output);
    }
  }
  return ended;
}

std::optional<Death> death_of(const Ended& ended, bool killed_as_hung) {
  using Cause = Death::Cause;
  const auto death = [&](Cause cause, End end) {
    Death made{cause, side_that(end)};
    made.side.last_output = ended.last_output;
    return made;
  };
  if (WIFEXITED(ended.status)) {
    const int status = WEXITSTATUS(ended.status);
    if (status == kInOrder) return std::nullopt;
    if (status == kOwnMistake) return death(Cause::own_mistake, End::own_check);
    if (status == kOutOfMemory) return death(Cause::memory, End::out_of_memory);
    if (status == kEnvironment && environment_failure().is_set) {
      const std::string line = environment_failure().line;
      environment_failure().is_set = false;
      throw engine::EnvironmentError(line);
    }
    Death made = death(Cause::crash, End::crashed);
    made.side.status = status;
    return made;
  }
  const int number = WTERMSIG(ended.status);
  if (number == SIGPROF || number == SIGVTALRM || number == SIGXCPU)
    return death(Cause::timeout, End::out_of_time);
  if (killed_as_hung) return death(Cause::timeout, End::waiting);
  if (number == SIGKILL) return death(Cause::memory, End::killed);
  Death made = death(Cause::crash, End::crashed);
  made.side.signal = number;
  return made;
}

Verdict verdict_of(const Death& death, const std::string& op, const corpora::Path& path) {
  Verdict verdict;
  verdict.why = ending_text(death.side);
  verdict.right = path;
  if (death.cause == Death::Cause::memory && path.empty()) {
    verdict.judgement = Judgement::over_budget;
    return verdict;
  }
  if (has_layer(path, corpora::LayerKind::peer)) {
    verdict.judgement = Judgement::incomparable;  // the peer died, not the subject
    return verdict;
  }
  if (has_layer(path, corpora::LayerKind::threads) && death.cause == Death::Cause::timeout) {
    verdict.judgement = Judgement::over_budget;  // a program that is larger than the case
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
  divergence.place = {Part::process};
  divergence.right = death.side;
  if (path.empty()) divergence.left = death.side;  // the direct call itself
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

std::array<int, 2> socket_pair() {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
    throw engine::EnvironmentError("a socket pair", errno);
  return ends;
}

bool send_all(int socket, const void* data, size_t size) {
  const char* at = static_cast<const char*>(data);
  while (size > 0) {
    const ssize_t n = send(socket, at, size, MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    at += n;
    size -= static_cast<size_t>(n);
  }
  return true;
}

void* shared_memory(size_t bytes) {
  void* const memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw engine::EnvironmentError("shared memory", errno);
  return memory;
}

ChildAnswer run_in_child(const IsolatedLimits& limits, const std::function<std::string()>& body) {
  const std::array<int, 2> ends = socket_pair();
  const pid_t pid = fork_child(limits, [&] {
    arm_timeout(limits.timeout_seconds);
    const std::string text = body();
    send_all(ends[1], text.data(), text.size());
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
