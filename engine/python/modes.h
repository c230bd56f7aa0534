// Modes: interpreters that answer every call of their thread, also one without tensors. Users put theirs on a
// stack, the top is asked first; functional, proxy and fake tensors have a place of their own below it.
// Promises: Python is in the thread's keys just while a mode is in force; guards restore both, also after an
// exception; a new thread has no modes. Refuses a second mode in one place by Error(runtime), and (CHECK)
// guards that end in another order than they began.
#pragma once

#include <array>

#include "engine/python/interpreter.h"

namespace engine {

enum class ModePlace : uint8_t { functional, proxy, fake, user };  // below users: in the order of asking
inline constexpr size_t mode_places = 3;

class ModeGuard;

// The modes in force on a thread, as a value.
struct Modes {
  const ModeGuard* users = nullptr;  // the top one; older ones below it
  std::array<Interpreter*, mode_places> in_place{};

  bool any() const;
  bool operator==(const Modes&) const = default;
};
extern constinit thread_local Modes thread_modes;

// Puts a mode in force for a scope.
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

// Other modes for a scope: what is in force while a mode's own handler runs.
class ModesInstead : ForceKeys {
 public:
  explicit ModesInstead(const Modes& modes);
  ~ModesInstead();

 private:
  Modes before_;
};

}  // namespace engine
