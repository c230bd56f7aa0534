#include "engine/dispatch/thread_keys.h"

#include <utility>

#include "engine/core/check.h"

namespace engine {

constinit thread_local ThreadKeys thread_keys;

namespace {

constinit thread_local KeyGuard* youngest = nullptr;

KeySet without_bits(KeySet set, KeySet bits) { return KeySet::from_raw(set.raw() & ~bits.raw()); }

}  // namespace

KeyGuard::KeyGuard(Change change, ThreadKeys wanted)
    : change_(change), wanted_(wanted), thread_(&thread_keys), older_(youngest) {
  apply(*thread_);
  if (older_) older_->younger_ = this;
  youngest = this;
}

void KeyGuard::apply(ThreadKeys& keys) {
  if (change_ == Change::replace) {
    kept_ = std::exchange(keys, wanted_);
    return;
  }
  kept_ = {without_bits(wanted_.included, keys.included), without_bits(wanted_.excluded, keys.excluded)};
  keys = {keys.included | kept_.included, keys.excluded | kept_.excluded};
}

void KeyGuard::undo(ThreadKeys& keys) const {
  if (change_ == Change::replace)
    keys = kept_;
  else
    keys = {without_bits(keys.included, kept_.included), without_bits(keys.excluded, kept_.excluded)};
}

// Restores the keys as if this guard had never existed: undoes the younger guards, the youngest first, then
// this one, then applies the younger ones again. If a younger guard replaced the keys, this guard's change is
// only in the keys that the younger one will restore.
KeyGuard::~KeyGuard() {
  CHECK(thread_ == &thread_keys, "a guard ended on a thread other than its own");
  KeyGuard *end = younger_, *last = this;
  for (; end && end->change_ != Change::replace; end = end->younger_) last = end;
  ThreadKeys& keys = end ? end->kept_ : *thread_;
  for (KeyGuard* guard = last; guard != this; guard = guard->older_) guard->undo(keys);
  undo(keys);
  for (KeyGuard* guard = younger_; guard != end; guard = guard->younger_) guard->apply(keys);
  if (older_) older_->younger_ = younger_;
  (younger_ ? younger_->older_ : youngest) = older_;
}

void set_excluded(DispatchKey key, bool excluded) {
  const KeySet keys = KeySet(key) & KeySet::functionalities();
  thread_keys.excluded = excluded ? thread_keys.excluded | keys : thread_keys.excluded - keys;
}

}  // namespace engine
