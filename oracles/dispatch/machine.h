// DispatchMachine: something that can carry out a dispatch program: a real dispatcher, or the rules. It tells
// what can be observed of each step, in plain words, so that two machines can be compared without knowing
// either. Promises: a step never throws for anything that the dispatcher does; begin() starts from what a new
// dispatcher would hold. Kernels are known by the number of their registration.
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
  refused,          // a registration that contradicts others
  not_implemented,  // no kernel at the key
  runtime,          // no such operator, or no schema
  internal,         // ambiguous, or a kernel that broke its contract
  kernel            // thrown by a kernel of the program
};
std::string_view name_of(StepError error);

inline constexpr int foreign_kernel = 1'000'000;  // a fallback that was there before the program

struct StepOutcome {
  StepError error = StepError::none;
  std::vector<int> ran;                 // kernels, in the order in which they began
  std::vector<engine::KeySet> results;  // of the tensors returned
  engine::KeySet included, excluded;    // the thread's keys afterwards
  engine::DispatchKey missing_at = engine::DispatchKey::Undefined;  // with not_implemented
  bool foreign = false;        // a fallback that is not the program's would run: only rules can say that
  bool arguments_kept = true;  // lists of the caller, and after an error its stack
  std::string message;         // for people; never compared
};

struct TableEntry {
  int kernel = -1;
  reference::Why why = reference::Why::missing;
  bool operator==(const TableEntry&) const = default;
};
// By slot of the engine's numbering; nothing where the machine does not have the key.
using ProgramTable = std::array<std::optional<TableEntry>, engine::table_size>;

// A fallback that the dispatcher has before any program runs.
struct AmbientFallback {
  engine::DispatchKey key;
  bool falls_through = false;
};

class DispatchMachine {
 public:
  virtual ~DispatchMachine() = default;

  // Why the program cannot be carried out here; empty when it can.
  virtual std::string refuses(const corpora::Program&) const { return {}; }
  virtual std::vector<AmbientFallback> ambient() const { return {}; }
  // A machine that only knows rules and tells what this one should do: sound, or with the deviations that
  // this one is known to have.
  virtual DispatchMachine& judge() = 0;

  virtual void begin() = 0;
  virtual StepOutcome step(const corpora::Statement& statement) = 0;
  // Nothing when the operator is not there.
  virtual std::optional<ProgramTable> table(corpora::ProgramOp op) = 0;
  // Ends what is open and drops what is registered, the youngest first; then says what is left of it.
  virtual std::string end() = 0;
};

}  // namespace oracles
