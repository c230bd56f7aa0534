// EngineThread: the engine's thread-local state. A run must leave it as it was.
#pragma once

#include <optional>
#include <string>

#include "engine/autograd/grad_mode.h"
#include "engine/core/inference.h"
#include "engine/dispatch/observer.h"
#include "engine/python/entry_keys.h"
#include "engine/python/modes.h"

namespace oracles {

struct EngineThread {
  engine::ThreadKeys keys;
  engine::Modes modes;
  std::optional<engine::ThreadKeys> entry;  // of the outermost call, while it runs
  bool records = true;                      // grad mode
  int observed = 0;                         // nested calls that observers see
  engine::KeySet without = {};              // keys that new tensors lack: inference mode

  static EngineThread now() {
    return {engine::thread_keys,    engine::thread_modes, engine::entry_keys, engine::autograd::grad_enabled,
            engine::observed_depth, engine::keys_without};
  }
  void install() const;
  bool operator==(const EngineThread&) const = default;
};

std::string to_string(const EngineThread& thread);
std::string thread_keys_text(const engine::ThreadKeys& keys);

}  // namespace oracles
