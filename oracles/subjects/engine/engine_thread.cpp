#include "oracles/subjects/engine/engine_thread.h"

#include <fmt/format.h>

namespace oracles {

void EngineThread::install() const {
  engine::thread_keys = keys;
  engine::thread_modes = modes;
  engine::entry_keys = entry;
  engine::autograd::grad_enabled = records;
  engine::observed_depth = observed;
  engine::keys_without = without;
}

std::string to_string(const EngineThread& thread) {
  std::string text = thread_keys_text(thread.keys);
  if (thread.modes.any()) text += " modes active";  // without names: a mode may be destroyed
  if (thread.entry) text += " kept at entry: " + thread_keys_text(*thread.entry);
  if (!thread.records) text += " grad mode off";
  if (!thread.without.empty()) text += " inference mode";
  if (thread.observed != 0) text += fmt::format(" observed calls not ended: {}", thread.observed);
  return text;
}

std::string thread_keys_text(const engine::ThreadKeys& keys) {
  return fmt::format("included={} excluded={}", to_string(keys.included), to_string(keys.excluded));
}

}  // namespace oracles
