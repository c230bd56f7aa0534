// Observer: is notified of every call of a dispatcher, on the calling thread. Without observers a call pays
// one load.
// Promises: exactly one begin and one end for each call, also when the call throws. Redispatches are not
// observed: they belong to the call that they continue.
#pragma once

#include "engine/dispatch/operator_entry.h"

namespace engine {

struct CallEvent {
  const OperatorEntry& entry;
  KeySet keys;    // effective: the kernel is that of their highest key
  Reason reason;  // why this kernel was chosen
  int depth = 0;  // the number of observed calls on this thread that this call is nested in
};

// Neither function may throw.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void on_begin(const CallEvent& event) = 0;
  virtual void on_end(const CallEvent& event, bool returned) = 0;  // false: the call threw
};

// Shared with running calls: an observer that is removed may still be notified that these end.
using Observers = std::vector<std::shared_ptr<Observer>>;

// The number of observed calls that this thread is inside. Zero between calls, also after a call that threw.
extern constinit thread_local int observed_depth __attribute__((tls_model("initial-exec")));

// One observed call: begins with this object and ends with it.
class ObservedCall {
 public:
  ObservedCall(const OperatorEntry& entry, KeySet keys);
  ~ObservedCall();
  ObservedCall(const ObservedCall&) = delete;
  ObservedCall& operator=(const ObservedCall&) = delete;

 private:
  CallEvent event_;
  std::shared_ptr<const Observers> observers_;
  int exceptions_;  // in flight when the call began
};

}  // namespace engine
