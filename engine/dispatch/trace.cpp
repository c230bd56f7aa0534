#include "engine/dispatch/trace.h"

namespace engine {

Trace::Trace(Dispatcher& dispatcher)
    : recorder_(std::make_shared<Recorder>()), registration_(dispatcher.observe(recorder_)) {}

void Trace::Recorder::on_begin(const CallEvent& event) {
  if (std::this_thread::get_id() == thread) calls.push_back(event);
}

}  // namespace engine
