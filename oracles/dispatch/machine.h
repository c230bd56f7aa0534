// DispatchMachine: runs dispatch programs: a real dispatcher, or the rules. It reports what can be observed
// of each step as plain data, so that any two machines can be compared. Promises: a step never throws for
// anything that the dispatcher does; begin() starts with the contents of a new dispatcher. Kernels are
// identified by the number of their registration.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "corpora/case/program.h"
#include "oracles/dispatch/rules/dispatch_rules.h"

namespace oracles {

enum class StepError : uint8_t {
  none,
  refused,          // a registration that conflicts with others
  not_implemented,  // no kernel at the key
  runtime,          // no such operator, or no schema
  internal,         // ambiguous, or a kernel that broke its contract
  kernel            // thrown by a kernel of the program
};
std::string_view name_of(StepError error);

inline constexpr int foreign_kernel = 1'000'000;  // a fallback that was registered before the program

struct StepOutcome {
  StepError error = StepError::none;
  std::vector<int> ran;                 // kernels, in the order in which they began
  std::vector<engine::KeySet> results;  // of the tensors returned
  engine::KeySet included, excluded;    // the thread's keys afterwards
  engine::DispatchKey missing_at = engine::DispatchKey::Undefined;  // with not_implemented
  bool foreign = false;        // only of rules: a fallback that is not the program's would run
  bool arguments_kept = true;  // the caller's lists are unchanged, and after an error also its stack
  std::string message;         // for people; never compared
};

struct TableEntry {
  int kernel = -1;
  reference::Why why = reference::Why::missing;
  bool operator==(const TableEntry&) const = default;
};
// By the engine's slots; nothing if the machine does not have the key.
using ProgramTable = std::array<std::optional<TableEntry>, engine::table_size>;

// A fallback that is registered before any program runs.
struct AmbientFallback {
  engine::DispatchKey key;
  bool falls_through = false;
};

class DispatchMachine {
 public:
  virtual ~DispatchMachine() = default;

  // Why this machine cannot run the program; empty if it can.
  virtual std::string refuses(const corpora::Program&) const { return {}; }
  virtual std::vector<AmbientFallback> ambient() const { return {}; }
  // A machine over the rules that reports what this machine should do, with its known deviations.
  virtual DispatchMachine& judge() = 0;

  virtual void begin() = 0;
  virtual StepOutcome step(const corpora::Statement& statement) = 0;
  // Nothing if the operator does not exist.
  virtual std::optional<ProgramTable> table(corpora::ProgramOp op) = 0;
  // Ends all guards and drops all registrations, the youngest first. Returns what is left after that.
  virtual std::string end() = 0;
};

}  // namespace oracles
