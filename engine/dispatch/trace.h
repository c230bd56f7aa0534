// Trace: one thread's calls of a dispatcher, in the order in which they began.
//   Trace trace(dispatcher);  ...calls...  trace.calls()
// Promises: one entry for each call that begins during its lifetime; calls of other threads are left out.
#pragma once

#include <thread>
#include <vector>

#include "engine/dispatch/dispatcher.h"
#include "engine/dispatch/observer.h"

namespace engine {

class Trace {
 public:
  explicit Trace(Dispatcher& dispatcher);

  const std::vector<CallEvent>& calls() const { return recorder_->calls; }

 private:
  struct Recorder : Observer {
    void on_begin(const CallEvent& event) override;
    void on_end(const CallEvent&, bool) override {}

    std::thread::id thread = std::this_thread::get_id();
    std::vector<CallEvent> calls;
  };

  std::shared_ptr<Recorder> recorder_;  // running calls of other threads may hold it after this ends
  Registration registration_;
};

}  // namespace engine
