// Entry keys: the thread's keys at the entry of its outermost call. An interpreter runs with the keys above
// Python excluded, and needs the entry keys to call operators as its caller would. The fallback at
// PythonTLSSnapshot stores them. Promises: nothing is stored before the outermost call and after it, also if
// it throws; a nested call changes nothing.
#pragma once

#include <optional>

#include "engine/dispatch/kernel.h"
#include "engine/dispatch/thread_keys.h"

namespace engine {

// Empty outside of calls with PythonTLSSnapshot.
extern constinit thread_local std::optional<ThreadKeys> entry_keys;

// For a handler: restores the entry keys for a scope. Calls in it are outermost again. Modes are not
// restored: a handler whose calls must not reach a mode also excludes Python. Raises Error(runtime), and
// changes nothing, outside of a handler.
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
