#include "engine/dispatch/thread_keys.h"

#include "engine/core/check.h"

namespace engine {

constinit thread_local ThreadKeys thread_keys;

namespace {

constinit thread_local KeyGuard* youngest = nullptr;

KeySet without_bits(KeySet set, KeySet bits) { return KeySet::from_raw(set.raw() & ~bits.raw()); }

void toggle(KeySet& word, KeySet keys, bool on) {
  if (on) {
    word |= keys;
    return;
  }
  word = without_bits(word, keys & KeySet::functionalities());
  // The backend bits go with the last functionality that needs them.
  for (DispatchKey functionality : per_backend_functionalities)
    if (word.has(functionality)) return;
  word = without_bits(word, keys & KeySet::backends());
}

}  // namespace

KeyGuard::KeyGuard(KeySet ThreadKeys::* word, KeySet wanted)
    : word_(word), wanted_(wanted), thread_(&thread_keys), older_(youngest) {
  KeySet& keys = thread_->*word_;
  added_ = without_bits(wanted, keys);
  keys |= added_;
  if (older_) older_->younger_ = this;
  youngest = this;
}

KeyGuard::~KeyGuard() {
  CHECK(thread_ == &thread_keys, "a guard ends on another thread than it began on");
  for (KeyGuard* guard = younger_; guard; guard = guard->younger_) {
    if (guard->word_ != word_) continue;
    const KeySet handed_on = added_ & guard->wanted_;
    guard->added_ |= handed_on;
    added_ = without_bits(added_, handed_on);
  }
  thread_->*word_ = without_bits(thread_->*word_, added_);
  if (older_) older_->younger_ = younger_;
  (younger_ ? younger_->older_ : youngest) = older_;
}

ForceKeys::ForceKeys(ThreadKeys keys) : before_(thread_keys), thread_(&thread_keys) {
  thread_keys = {keys.included, keys.excluded & KeySet::functionalities()};
}

ForceKeys::~ForceKeys() {
  CHECK(thread_ == &thread_keys, "a guard ends on another thread than it began on");
  *thread_ = before_;
}

InferenceKeys::InferenceKeys()
    : ForceKeys({thread_keys.included.remove(DispatchKey::ADInplaceOrView),
                 thread_keys.excluded | all_autograd_keys}) {}

void set_included(DispatchKey key, bool included) { toggle(thread_keys.included, key, included); }

void set_excluded(DispatchKey key, bool excluded) {
  toggle(thread_keys.excluded, KeySet(key) & KeySet::functionalities(), excluded);
}

}  // namespace engine
