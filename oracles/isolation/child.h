// Child: processes that may die. A child runs one function under limits, in a private directory and without a
// terminal; its parent learns how it ended and what it last printed. Children die with their parent.
// A failed CHECK of Faultline in a child is reported on the parent's standard error and ends as
// Death::own_mistake. It is judged as a crash, because an operator that writes outside its memory may have
// caused it.
#pragma once

#include <sys/types.h>

#include <array>
#include <functional>
#include <optional>
#include <string>

#include "corpora/case/path.h"
#include "oracles/compare/divergence.h"

namespace oracles {

struct IsolatedLimits {
  double timeout_seconds = 5;  // CPU time of one check
  int64_t memory_mib = 4096;   // address space in addition to the parent's
  std::string directory;       // for the children's private directories; empty: the system's temporary one
};

// How a child ended by itself.
struct Death {
  enum class Cause : uint8_t { crash, timeout, memory, own_mistake };
  Cause cause = Cause::crash;
  Side side;  // the end, with the signal and the last output
};

struct Ended {
  int status = 0;           // of waitpid
  std::string last_output;  // the last lines of standard output and error since forget_output()
};
// Nothing if the child ended in order. `killed_as_hung`: the parent killed it.
// Throws the engine::EnvironmentError that ended the child, or one of its children.
std::optional<Death> death_of(const Ended& ended, bool killed_as_hung = false);

// The verdict of a check whose process died while it ran `path`, in a call of `op`.
Verdict verdict_of(const Death& death, const std::string& op, const corpora::Path& path);

// Forks. The child sets its limits, enters its directory, runs `body` and exits in order; it never
// returns from here.
pid_t fork_child(const IsolatedLimits& limits, const std::function<void()>& body);
// waitpid, also when interrupted. Releases the child's directory and output.
Ended wait_for(pid_t pid);
// In a child, before a new case: discards what earlier cases printed.
void forget_output();

// For a parent that will fork often, once it is complete. A fork copies the page tables, most of which are of
// the heap: this frees unused heap and moves the rest into huge pages, if the system supports that.
void gather_heap();

// False under AddressSanitizer, which reserves address space of its own: memory_limit.h then ends a child.
bool limits_address_space();
// For a parent whose children load a library that reserves address space without using it, as a GPU's driver
// does.
void lift_address_space_limit();

// For a parent whose handlers of SIGSEGV and the like print where the process was, and then let it die of the
// signal, such as Python's faulthandler: children keep them. Other handlers are not inherited.
void keep_crash_handlers();

// Begins a check: starts (seconds > 0) or stops (0) the CPU-time alarm. Death by its SIGPROF is a timeout. A
// check has at least seven eighths of the time.
void arm_timeout(double seconds);
// Starts it anew with the same time, if it runs: a module is imported, as the first call of an operator does.
void restart_timeout();

// How long, in wall-clock time, a parent waits for a child that uses no CPU time before it kills the child as
// hung.
double hung_after_seconds(const IsolatedLimits& limits);
// False when nothing came in that time.
bool wait_readable(int descriptor, double seconds);

// Connected sockets. Throws EnvironmentError.
std::array<int, 2> socket_pair();
// False if the other end is closed.
bool send_all(int socket, const void* data, size_t size);
// Zeroed memory that this process shares with the children that it forks later. Throws EnvironmentError.
void* shared_memory(size_t bytes);

// Runs `body` once in a fresh child and returns the text that it returned, or how the child died.
struct ChildAnswer {
  std::string text;
  std::optional<Death> death;
};
ChildAnswer run_in_child(const IsolatedLimits& limits, const std::function<std::string()>& body);

// The path that a child runs, in memory that its parent can read after the child's death.
struct PathMark {
  uint32_t layers = 0;
  corpora::Layer layer[64] = {};

  void set(const corpora::Path& path);
  corpora::Path path() const { return {layer, layer + layers}; }
};

}  // namespace oracles
