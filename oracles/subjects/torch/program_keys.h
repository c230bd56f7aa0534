// Converts the engine's dispatch keys to c10's and back, by name. A key that this libtorch lacks has no
// counterpart.
#pragma once

#include <c10/core/DispatchKeySet.h>

#include <optional>
#include <set>
#include <string>

#include "engine/core/key_set.h"

namespace oracles::aten {

std::optional<c10::DispatchKey> c10_key(engine::DispatchKey key);
std::optional<engine::DispatchKey> engine_key(std::string_view name);
bool all_known(engine::KeySet keys);
c10::DispatchKeySet c10_keys(engine::KeySet keys);  // without keys that libtorch lacks
engine::KeySet engine_keys(c10::DispatchKeySet keys);
std::set<std::string, std::less<>> known_layers();

}  // namespace oracles::aten
