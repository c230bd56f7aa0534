// Modes: interpreters that answer every call of their thread, also calls without tensors. User modes form a
// stack, whose top is called first; functional, proxy and fake tensors have one place each below it.
// Promises: Python is in the thread's keys exactly while a mode is in force; guards restore both, also after
// an exception; a new thread has no modes. Refuses a second mode in one place by Error(runtime). CHECKs that
// guards end in reverse order.
#pragma once

#include <array>

#include "engine/python/interpreter.h"

namespace engine {

enum class ModePlace : uint8_t { functional, proxy, fake, user };  // below users: in the order of calls
inline constexpr size_t mode_places = 3;

class ModeGuard;

// The modes in force on a thread.
struct Modes {
  const ModeGuard* users = nullptr;  // the top of the stack
  std::array<Interpreter*, mode_places> in_place{};

  bool any() const;
  bool operator==(const Modes&) const = default;
};
extern constinit thread_local Modes thread_modes;

// A mode is in force for a scope.
class ModeGuard : IncludeKeys {
 public:
  explicit ModeGuard(Interpreter& mode, ModePlace place = ModePlace::user);
  ~ModeGuard();

  Interpreter& mode() const { return mode_; }
  const ModeGuard* below() const { return before_.users; }

 private:
  Interpreter& mode_;
  Modes before_, own_;
};

// Replaces the modes in force for a scope: while a mode's own handler runs.
class ModesInstead : ForceKeys {
 public:
  explicit ModesInstead(const Modes& modes);
  ~ModesInstead();

 private:
  Modes before_;
};

}  // namespace engine
