#include "engine/dispatch/observer.h"

#include <exception>

#include "engine/dispatch/dispatcher.h"

namespace engine {

constinit thread_local int observed_depth = 0;

namespace {

CallEvent event_of(const OperatorEntry& entry, KeySet keys) {
  entry.settled_kernel_at(keys);
  return {entry, keys, entry.reason_at(keys.table_index()), observed_depth};
}

}  // namespace

ObservedCall::ObservedCall(const OperatorEntry& entry, KeySet keys)
    : event_(event_of(entry, keys)),
      observers_(entry.dispatcher().observers()),
      exceptions_(std::uncaught_exceptions()) {
  for (const auto& observer : *observers_) observer->on_begin(event_);
  ++observed_depth;
}

ObservedCall::~ObservedCall() {
  --observed_depth;
  const bool returned = std::uncaught_exceptions() == exceptions_;
  for (size_t i = observers_->size(); i-- > 0;) (*observers_)[i]->on_end(event_, returned);
}

}  // namespace engine
