#include "engine/dispatch/trace.h"

#include <fmt/format.h>

namespace engine {

Trace::Trace(Dispatcher& dispatcher, Of of) : of_(of), registration_(dispatcher.observe(*this)) {}

void Trace::clear() {
  entries_.clear();
  open_.clear();
}

void Trace::on_begin(const CallEvent& event) {
  if (std::this_thread::get_id() != thread_) return;
  open_.push_back(entries_.size());
  entries_.push_back({&event.entry, event.key, event.reason, event.keys, event.depth, event.redispatch,
                      event.boxed, TraceOutcome::running});
}

void Trace::on_end(const CallEvent&, bool returned, const Stack*) {
  if (std::this_thread::get_id() != thread_ || open_.empty()) return;
  entries_[open_.back()].outcome = returned ? TraceOutcome::returned : TraceOutcome::raised;
  open_.pop_back();
}

std::string to_string(const TraceEntry& entry) {
  constexpr std::array<std::string_view, 3> outcomes{"running", "returned", "raised"};
  return fmt::format("{:{}}{}{} at {} [{}] {} {}", "", 2 * entry.depth, entry.redispatch ? "redispatch " : "",
                     entry.entry->name(), name_of(entry.key), name_of(entry.reason), to_string(entry.keys),
                     outcomes[static_cast<size_t>(entry.outcome)]);
}

}  // namespace engine
