// ThreadKeys: the dispatch keys that a thread adds to every call (included) and removes from it (excluded),
// and the guards that change them for a scope. Exclusion wins. A new thread starts with the defaults.
// Promises: a guard restores both sets bit for bit, also after an exception and in whatever order guards end;
// it keeps changes that others made on purpose in the meantime. Backends cannot be excluded, so `excluded`
// never holds backend bits. Refuses (CHECK) to end a guard on a thread other than its own.
#pragma once

#include "engine/core/key_set.h"

namespace engine {

inline constexpr KeySet autocast_keys{DispatchKey::AutocastCPU,  DispatchKey::AutocastMTIA,
                                      DispatchKey::AutocastMAIA, DispatchKey::AutocastXPU,
                                      DispatchKey::AutocastIPU,  DispatchKey::AutocastHPU,
                                      DispatchKey::AutocastXLA,  DispatchKey::AutocastMPS,
                                      DispatchKey::AutocastCUDA, DispatchKey::AutocastPrivateUse1};
inline constexpr KeySet autograd_keys{DispatchKey::AutogradOther, DispatchKey::AutogradFunctionality,
                                      DispatchKey::AutogradNestedTensor};

struct ThreadKeys {
  KeySet included{DispatchKey::BackendSelect, DispatchKey::ADInplaceOrView};
  KeySet excluded = autocast_keys;
  bool operator==(const ThreadKeys&) const = default;
};

// The initial-exec model makes reading it one instruction. libfaultline is loaded at program start, so it may
// use this model.
extern constinit thread_local ThreadKeys thread_keys __attribute__((tls_model("initial-exec")));

// The keys that decide a call whose arguments have these keys.
inline KeySet with_thread_keys(KeySet arguments) {
  return KeySet::from_raw((arguments | thread_keys.included).raw() & ~thread_keys.excluded.raw());
}

// Adds to this thread's keys, or replaces them, for its scope. The guards of a thread form a list, so that a
// guard that ends out of order removes its own change and nothing else.
class KeyGuard {
 public:
  KeyGuard(const KeyGuard&) = delete;
  KeyGuard& operator=(const KeyGuard&) = delete;

 protected:
  enum class Change : uint8_t { add, replace };
  KeyGuard(Change change, ThreadKeys wanted);
  ~KeyGuard();

 private:
  void apply(ThreadKeys& keys);
  void undo(ThreadKeys& keys) const;

  Change change_;
  ThreadKeys wanted_;
  ThreadKeys kept_;  // what undo() needs: the keys that were added, or those that were replaced
  ThreadKeys* thread_;
  KeyGuard* older_ = nullptr;
  KeyGuard* younger_ = nullptr;
};

struct IncludeKeys : KeyGuard {
  explicit IncludeKeys(KeySet keys) : KeyGuard(Change::add, {keys, {}}) {}
};
struct ExcludeKeys : KeyGuard {
  explicit ExcludeKeys(KeySet keys) : KeyGuard(Change::add, {{}, keys & KeySet::functionalities()}) {}
};
// Replaces both sets.
struct ForceKeys : KeyGuard {
  explicit ForceKeys(ThreadKeys keys)
      : KeyGuard(Change::replace, {keys.included, keys.excluded & KeySet::functionalities()}) {}
};

struct BelowAutograd : ExcludeKeys {
  BelowAutograd() : ExcludeKeys(autograd_keys) {}
};

// Without a scope.
void set_excluded(DispatchKey key, bool excluded);

}  // namespace engine
