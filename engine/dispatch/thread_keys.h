// ThreadKeys: the dispatch keys that this thread adds to every call (included) and takes from it (excluded),
// and the guards that change them for a scope. Exclusion wins. A new thread starts with the defaults.
// Promises: a guard leaves both words bit for bit as they were before it, apart from what others changed
// meanwhile on purpose, also after an exception and in whatever order guards end; backends cannot be
// excluded, so excluded never holds backend bits. Refuses (CHECK) to end a guard on another thread than its
// own.
#pragma once

#include "engine/core/key_set.h"

namespace engine {

inline constexpr KeySet autocast_keys{DispatchKey::AutocastCPU,  DispatchKey::AutocastMTIA,
                                      DispatchKey::AutocastMAIA, DispatchKey::AutocastXPU,
                                      DispatchKey::AutocastIPU,  DispatchKey::AutocastHPU,
                                      DispatchKey::AutocastXLA,  DispatchKey::AutocastMPS,
                                      DispatchKey::AutocastCUDA, DispatchKey::AutocastPrivateUse1};
inline constexpr KeySet all_autograd_keys{DispatchKey::AutogradOther, DispatchKey::AutogradFunctionality,
                                          DispatchKey::AutogradNestedTensor};

struct ThreadKeys {
  KeySet included{DispatchKey::BackendSelect, DispatchKey::ADInplaceOrView};
  KeySet excluded = autocast_keys;
  bool operator==(const ThreadKeys&) const = default;
};

// In the initial-exec model, so that reading it is one instruction: libfaultline is loaded at start.
extern constinit thread_local ThreadKeys thread_keys __attribute__((tls_model("initial-exec")));

// What a call goes by: the keys of its arguments as this thread sees them.
inline KeySet with_thread_keys(KeySet arguments) {
  return KeySet::from_raw((arguments | thread_keys.included).raw() & ~thread_keys.excluded.raw());
}

// Changes this thread's keys for its scope: adds to them, or puts others in their place. Guards of a thread
// form a list, so that one that ends out of order takes its own part away and nothing else.
class KeyGuard {
 public:
  KeyGuard(const KeyGuard&) = delete;
  KeyGuard& operator=(const KeyGuard&) = delete;

 protected:
  enum class Does : uint8_t { add, replace };
  KeyGuard(Does does, ThreadKeys wanted);
  ~KeyGuard();

 private:
  void apply(ThreadKeys& keys);
  void undo(ThreadKeys& keys) const;

  Does does_;
  ThreadKeys wanted_;
  ThreadKeys kept_;  // what undo() needs: the keys that were added, or those that were replaced
  ThreadKeys* thread_;
  KeyGuard* older_ = nullptr;
  KeyGuard* younger_ = nullptr;
};

struct IncludeKeys : KeyGuard {
  explicit IncludeKeys(KeySet keys) : KeyGuard(Does::add, {keys, {}}) {}
};
struct ExcludeKeys : KeyGuard {
  explicit ExcludeKeys(KeySet keys) : KeyGuard(Does::add, {{}, keys & KeySet::functionalities()}) {}
};
// Installs both words, and puts the old ones back.
struct ForceKeys : KeyGuard {
  explicit ForceKeys(ThreadKeys keys)
      : KeyGuard(Does::replace, {keys.included, keys.excluded & KeySet::functionalities()}) {}
};

struct BelowAutograd : ExcludeKeys {
  BelowAutograd() : ExcludeKeys(all_autograd_keys) {}
};
struct BelowADInplaceOrView : ExcludeKeys {
  BelowADInplaceOrView() : ExcludeKeys(all_autograd_keys.add(DispatchKey::ADInplaceOrView)) {}
};
struct SkipFunctionalize : ExcludeKeys {
  SkipFunctionalize() : ExcludeKeys(DispatchKey::Functionalize) {}
};
struct WithoutTracer : ExcludeKeys {
  WithoutTracer() : ExcludeKeys(DispatchKey::Tracer) {}
};
// The keys of inference mode: no ADInplaceOrView, no autograd; autocast stays as it is.
struct InferenceKeys : ForceKeys {
  InferenceKeys();
};

// Without a scope: what modes switch on and off.
void set_included(DispatchKey key, bool included);
void set_excluded(DispatchKey key, bool excluded);

}  // namespace engine
