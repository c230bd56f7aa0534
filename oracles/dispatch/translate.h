// Converts the engine's key sets, which programs use, to the sets of the rules, and back, by name.
#pragma once

#include "engine/core/key_set.h"
#include "oracles/dispatch/rules/dispatch_keys.h"

namespace oracles {

reference::Keys plain(engine::KeySet keys);
engine::KeySet packed(const reference::Keys& keys);
engine::DispatchKey packed(reference::Key key);
// The rules' slot for each slot of the engine.
const std::array<size_t, engine::table_size>& plain_slots();

}  // namespace oracles
