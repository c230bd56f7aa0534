#include "engine/dispatch/trace.h"

#include <fmt/format.h>

namespace engine {

Trace::Trace(Dispatcher& dispatcher, Of of)
    : recorder_(std::make_shared<Recorder>(of)), registration_(dispatcher.observe(recorder_)) {}

void Trace::clear() {
  recorder_->entries.clear();
  recorder_->open.clear();
}

void Trace::Recorder::on_begin(const CallEvent& event) {
  if (std::this_thread::get_id() != thread) return;
  open.push_back(entries.size());
  entries.push_back({&event.entry, event.key, event.reason, event.keys, event.depth, event.redispatch,
                     event.boxed, TraceOutcome::running});
}

void Trace::Recorder::on_end(const CallEvent&, bool returned, const Stack*) {
  if (std::this_thread::get_id() != thread || open.empty()) return;
  entries[open.back()].outcome = returned ? TraceOutcome::returned : TraceOutcome::raised;
  open.pop_back();
}

std::string to_string(const TraceEntry& entry) {
  constexpr std::array<std::string_view, 3> outcomes{"running", "returned", "raised"};
  return fmt::format("{:{}}{}{} at {} [{}] {} {}", "", 2 * entry.depth, entry.redispatch ? "redispatch " : "",
                     entry.entry->name(), name_of(entry.key), name_of(entry.reason), to_string(entry.keys),
                     outcomes[static_cast<size_t>(entry.outcome)]);
}

}  // namespace engine
