// EngineThread: what the engine keeps for a thread between calls. Whatever a run does, it must be afterwards
// what it was before.
#pragma once

#include <optional>
#include <string>

#include "engine/autograd/grad_mode.h"
#include "engine/dispatch/observer.h"
#include "engine/python/entry_keys.h"
#include "engine/python/modes.h"

namespace oracles {

struct EngineThread {
  engine::ThreadKeys keys;
  engine::Modes modes;
  std::optional<engine::ThreadKeys> entry;  // of a call that has not ended
  bool records = true;                      // for differentiation
  int observed = 0;                         // calls around this one that an observer hears of

  static EngineThread now() {
    return {engine::thread_keys, engine::thread_modes, engine::entry_keys, engine::autograd::grad_enabled,
            engine::observed_depth};
  }
  void install() const;
  bool operator==(const EngineThread&) const = default;
};

std::string to_string(const EngineThread& thread);
std::string thread_keys_text(const engine::ThreadKeys& keys);

}  // namespace oracles
