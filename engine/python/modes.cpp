#include "engine/python/modes.h"

#include <algorithm>

#include "engine/core/check.h"

namespace engine {

constinit thread_local Modes thread_modes;

namespace {

Modes with(Modes modes, const ModeGuard* guard, ModePlace place) {
  if (place == ModePlace::user) {
    modes.users = guard;
    return modes;
  }
  Interpreter*& there = modes.in_place[static_cast<size_t>(place)];
  if (there) throw Error("there is a mode in this place already: " + std::string(there->name()));
  there = &guard->mode();
  return modes;
}

ThreadKeys keys_with(const Modes& modes) {
  const KeySet included = thread_keys.included;
  return {modes.any() ? included | python_keys : included - python_keys, thread_keys.excluded};
}

}  // namespace

bool Modes::any() const {
  return users || std::any_of(in_place.begin(), in_place.end(), [](const Interpreter* mode) { return mode; });
}

ModeGuard::ModeGuard(Interpreter& mode, ModePlace place)
    : IncludeKeys(python_keys), mode_(mode), before_(thread_modes), own_(with(thread_modes, this, place)) {
  thread_modes = own_;
}

ModeGuard::~ModeGuard() {
  CHECK(thread_modes == own_, "modes end in reverse order");
  thread_modes = before_;
}

ModesInstead::ModesInstead(const Modes& modes) : ForceKeys(keys_with(modes)), before_(thread_modes) {
  thread_modes = modes;
}

ModesInstead::~ModesInstead() { thread_modes = before_; }

}  // namespace engine
