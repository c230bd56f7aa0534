// Trace: what one thread's calls of a dispatcher did, in the order in which they began.
//   Trace trace(dispatcher);  ...calls...  trace.entries()
// Promises: one entry for each call, and for each redispatch unless told otherwise; calls of other threads
// are left out; nothing is recorded outside its lifetime. An entry's outcome is `running` until its call
// ends.
#pragma once

#include <string>
#include <thread>
#include <vector>

#include "engine/dispatch/dispatcher.h"
#include "engine/dispatch/observer.h"

namespace engine {

enum class TraceOutcome : uint8_t { running, returned, raised };

struct TraceEntry {
  const OperatorEntry* entry = nullptr;  // lives as long as the dispatcher
  DispatchKey key = DispatchKey::Undefined;
  Reason reason = Reason::missing;
  KeySet keys;
  int depth = 0;
  bool redispatch = false;
  bool boxed = false;
  TraceOutcome outcome = TraceOutcome::running;
};

class Trace {
 public:
  enum class Of : uint8_t { calls, calls_and_redispatches };
  explicit Trace(Dispatcher& dispatcher, Of of = Of::calls_and_redispatches);

  const std::vector<TraceEntry>& entries() const { return recorder_->entries; }
  void clear();  // not inside a call

 private:
  struct Recorder : Observer {
    explicit Recorder(Of recorded) : of(recorded) {}
    bool wants_redispatches() const override { return of == Of::calls_and_redispatches; }
    void on_begin(const CallEvent& event) override;
    void on_end(const CallEvent& event, bool returned, const Stack* outputs) override;

    Of of;
    std::thread::id thread = std::this_thread::get_id();
    std::vector<TraceEntry> entries;
    std::vector<size_t> open;
  };

  std::shared_ptr<Recorder> recorder_;  // calls of other threads may still hold it when this ends
  Registration registration_;
};

// "aten::add.Tensor at CPU [kernel] DispatchKeySet(...) returned", indented by depth.
std::string to_string(const TraceEntry& entry);

}  // namespace engine
