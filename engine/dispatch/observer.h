// Observer: told of every call of a dispatcher, on the thread that calls. Without observers a call pays one
// load. Promises: exactly one begin and one end for each call, also when it throws; redispatches only for who
// asks; `depth` counts the observed calls around this one on its thread.
#pragma once

#include <cstdint>

#include "engine/core/stack.h"
#include "engine/dispatch/operator_entry.h"

namespace engine {

struct CallEvent {
  const OperatorEntry& entry;
  KeySet keys;      // effective
  DispatchKey key;  // the one that the call goes to
  Reason reason;    // why that kernel
  int depth = 0;    // 0: the outermost
  bool redispatch = false;
  bool boxed = false;
  const Stack* inputs = nullptr;  // for observers that want values: the arguments, last on it
};

class Observer {
 public:
  virtual ~Observer() = default;
  virtual bool wants_redispatches() const { return false; }
  virtual bool wants_values() const { return false; }

  virtual void on_begin(const CallEvent& event) = 0;
  // Must not throw. `outputs`: for who wants values, and only when the call returned. `returned` is false
  // when it threw.
  virtual void on_end(const CallEvent& event, bool returned, const Stack* outputs) = 0;

  // Under the registration lock: must not register anything.
  virtual void on_registered(const OperatorEntry&) {}  // also for each operator that is there already
  virtual void on_deregistered(const OperatorEntry&) {}
};

// Shared with the calls that are being observed: an observer that is taken out may still hear the end of
// these.
using Observers = std::vector<std::shared_ptr<Observer>>;

// One observed call, from begin to end. Out of line: only calls that somebody observes come here.
class ObservedCall {
 public:
  ObservedCall(const OperatorEntry& entry, KeySet keys, bool redispatch, bool boxed);
  ~ObservedCall();
  ObservedCall(const ObservedCall&) = delete;
  ObservedCall& operator=(const ObservedCall&) = delete;

  bool wants_values() const { return wants_values_; }
  void begin(const Stack* inputs);
  void returned(const Stack* outputs);

 private:
  void end(bool returned, const Stack* outputs);

  CallEvent event_;
  std::shared_ptr<const Observers> observers_;
  bool wants_values_ = false;
  size_t begun_ = 0;
  bool counted_ = false;
  bool ended_ = false;
};

}  // namespace engine
