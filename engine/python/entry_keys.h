// Entry keys: the thread's keys as they were when its outermost call came in. An interpreter runs with the
// keys above Python excluded, and needs them back to call operators as its caller would. The fallback at
// PythonTLSSnapshot takes them down. Promises: nothing is kept before the outermost call and after it, also
// when it throws; a call inside another one changes nothing.
#pragma once

#include <optional>

#include "engine/dispatch/kernel.h"
#include "engine/dispatch/thread_keys.h"

namespace engine {

// Nothing outside of calls with PythonTLSSnapshot.
extern constinit thread_local std::optional<ThreadKeys> entry_keys;

// For a handler: the keys of the outermost call's entry, for a scope. Calls in it are outermost again. Modes
// are not brought back: who hid one and wants calls to pass it by excludes Python, too. Refuses, by
// Error(runtime), to be made where there is nothing to restore, and changes nothing then.
class RestoreEntryKeys {
 public:
  RestoreEntryKeys();
  ~RestoreEntryKeys();
  RestoreEntryKeys(const RestoreEntryKeys&) = delete;
  RestoreEntryKeys& operator=(const RestoreEntryKeys&) = delete;

 private:
  ThreadKeys entry_;
  ForceKeys forced_;
};

// The fallback of PythonTLSSnapshot.
Kernel entry_keys_fallback();

}  // namespace engine
