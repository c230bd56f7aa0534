#include "engine/dispatch/thread_keys.h"

#include <utility>

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

KeyGuard::KeyGuard(Does does, ThreadKeys wanted)
    : does_(does), wanted_(wanted), thread_(&thread_keys), older_(youngest) {
  apply(*thread_);
  if (older_) older_->younger_ = this;
  youngest = this;
}

void KeyGuard::apply(ThreadKeys& keys) {
  if (does_ == Does::replace) {
    kept_ = std::exchange(keys, wanted_);
    return;
  }
  kept_ = {without_bits(wanted_.included, keys.included), without_bits(wanted_.excluded, keys.excluded)};
  keys = {keys.included | kept_.included, keys.excluded | kept_.excluded};
}

void KeyGuard::undo(ThreadKeys& keys) const {
  if (does_ == Does::replace)
    keys = kept_;
  else
    keys = {without_bits(keys.included, kept_.included), without_bits(keys.excluded, kept_.excluded)};
}

// As if this guard had never been: the younger ones are undone, the youngest first, and applied again. Where
// one of them replaced the keys, all that is older shows only in what it will put back.
KeyGuard::~KeyGuard() {
  CHECK(thread_ == &thread_keys, "a guard ends on another thread than it began on");
  KeyGuard *end = younger_, *last = this;
  for (; end && end->does_ != Does::replace; end = end->younger_) last = end;
  ThreadKeys& keys = end ? end->kept_ : *thread_;
  for (KeyGuard* guard = last; guard != this; guard = guard->older_) guard->undo(keys);
  undo(keys);
  for (KeyGuard* guard = younger_; guard != end; guard = guard->younger_) guard->apply(keys);
  if (older_) older_->younger_ = younger_;
  (younger_ ? younger_->older_ : youngest) = older_;
}

InferenceKeys::InferenceKeys()
    : ForceKeys({thread_keys.included.remove(DispatchKey::ADInplaceOrView),
                 thread_keys.excluded | all_autograd_keys}) {}

void set_included(DispatchKey key, bool included) { toggle(thread_keys.included, key, included); }

void set_excluded(DispatchKey key, bool excluded) {
  toggle(thread_keys.excluded, KeySet(key) & KeySet::functionalities(), excluded);
}

}  // namespace engine
