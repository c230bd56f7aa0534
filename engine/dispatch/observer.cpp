#include "engine/dispatch/observer.h"

#include "engine/dispatch/dispatcher.h"
#include "engine/dispatch/observed_depth.h"

namespace engine {

constinit thread_local int observed_depth = 0;

namespace {

// The key that the call goes to, after fallthroughs.
KeySet settled(const OperatorEntry& entry, KeySet keys) {
  entry.settled_kernel_at(keys);
  return keys;
}

}  // namespace

ObservedCall::ObservedCall(const OperatorEntry& entry, KeySet keys, bool redispatch, bool boxed)
    : event_{entry, settled(entry, keys), {}, {}, observed_depth, redispatch, boxed, nullptr},
      observers_(entry.dispatcher().observers()) {
  event_.key = event_.keys.highest_key();
  event_.reason = entry.reason_at(event_.keys.table_index());
  for (const auto& observer : *observers_) wants_values_ = wants_values_ || observer->wants_values();
}

void ObservedCall::begin(const Stack* inputs) {
  event_.inputs = inputs;
  for (const auto& observer : *observers_) {
    ++begun_;
    if (!event_.redispatch || observer->wants_redispatches()) observer->on_begin(event_);
  }
  ++observed_depth;
  counted_ = true;
}

void ObservedCall::returned(const Stack* outputs) { end(true, outputs); }

void ObservedCall::end(bool returned, const Stack* outputs) {
  ended_ = true;
  if (counted_) --observed_depth;
  for (; begun_ > 0; --begun_) {
    const auto& observer = (*observers_)[begun_ - 1];
    if (!event_.redispatch || observer->wants_redispatches()) observer->on_end(event_, returned, outputs);
  }
}

ObservedCall::~ObservedCall() {
  if (!ended_) end(false, nullptr);
}

}  // namespace engine
