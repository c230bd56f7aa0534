// Child: how this project lives with processes that may die. A child runs one function under limits, in
// silence and in a directory of its own; its parent learns how it ended. Children never outlive their parent.
// A check of ours that fails in a child is told on the parent's standard error and ends as
// Death::own_mistake: a crash like any other to whoever judges, since an operator that writes beside its
// memory makes ours wrong.
#pragma once

#include <sys/types.h>

#include <functional>
#include <optional>
#include <string>

#include "corpora/case/path.h"
#include "oracles/compare/divergence.h"

namespace oracles {

struct IsolatedLimits {
  double timeout_seconds = 5;  // CPU time of one check
  int64_t memory_mib = 4096;   // address space beyond the parent's
  std::string directory;  // where children make their private directories; empty: the system's temporary one
};

// How a child ended that was not asked to. `how` is for people: "SIGSEGV", "5 s of CPU time", ...
struct Death {
  enum class Cause : uint8_t { crash, timeout, memory, own_mistake };
  Cause cause = Cause::crash;
  std::string how;
};
// From waitpid's status; nothing when the child ended in order. `killed_as_hung`: the parent ended it itself.
// Throws the engine::EnvironmentError with which the child, or a child of it, ended.
std::optional<Death> death_of(int wait_status, bool killed_as_hung = false);

// The verdict of a check whose process died while walking `path` in a call of `op`.
Verdict verdict_of(const Death& death, const std::string& op, const corpora::Path& path);

// Forks; the child settles under the limits in a directory of its own, runs `body` and ends with status 0,
// never returning here.
pid_t fork_child(const IsolatedLimits& limits, const std::function<void()>& body);
// waitpid through interruptions; the wait status. The child's directory goes with it.
int wait_for(pid_t pid);

// For a parent that will fork often, once it is complete: a fork copies the page tables, and what a library
// left on the heap is most of them. Gives back what is free and gathers the rest in huge pages, as far as the
// system is willing.
void gather_heap();

// False under AddressSanitizer, which reserves address space of its own: there no flood of memory is caught.
bool limits_address_space();
// For a parent whose children load what reserves address space and leaves it unused, as a GPU's driver does.
void lift_address_space_limit();

// Begins a check: arms (seconds > 0) or disarms (0) the CPU-time alarm; this process's death by SIGPROF is a
// timeout. A check has at least seven eighths of the time.
void arm_timeout(double seconds);

// A child that uses no CPU time is waited for this long, by the clock on the wall, and then ended as hung.
double hung_after_seconds(const IsolatedLimits& limits);
// False when nothing came in that time.
bool wait_readable(int descriptor, double seconds);

// Runs `body` once in a fresh child and brings back the text it returns, or how the child died.
struct ChildAnswer {
  std::string text;
  std::optional<Death> death;
};
ChildAnswer run_in_child(const IsolatedLimits& limits, const std::function<std::string()>& body);

// The path being walked, as a child leaves it in memory that its parent can read after its death.
struct PathMark {
  uint32_t layers = 0;
  corpora::Layer layer[64] = {};

  void set(const corpora::Path& path);
  corpora::Path path() const { return {layer, layer + layers}; }
};

}  // namespace oracles
