#include "engine/python/entry_keys.h"

#include "engine/core/check.h"
#include "engine/core/error.h"
#include "engine/dispatch/operator.h"

namespace engine {

constinit thread_local std::optional<ThreadKeys> entry_keys;

namespace {

struct EntryGuard {
  bool outermost = !entry_keys;
  EntryGuard() {
    if (outermost) entry_keys = thread_keys;
  }
  ~EntryGuard() {
    if (outermost) entry_keys.reset();
  }
};

void keep_entry_keys(const Call& call, Stack& stack) {
  const EntryGuard guard;
  call.op().redispatch_boxed(call.keys & KeySet::full_after(DispatchKey::PythonTLSSnapshot), stack);
}

ThreadKeys taken() {
  if (!entry_keys)
    throw Error("the entry keys of an operator call can only be restored inside an interpreter's handler");
  const ThreadKeys keys = *entry_keys;
  entry_keys.reset();
  return keys;
}

}  // namespace

RestoreEntryKeys::RestoreEntryKeys() : entry_(taken()), forced_(entry_) {}

RestoreEntryKeys::~RestoreEntryKeys() {
  CHECK(!entry_keys, "the calls inside have ended");
  entry_keys = entry_;
}

Kernel entry_keys_fallback() { return Kernel::from_boxed(&keep_entry_keys); }

}  // namespace engine
