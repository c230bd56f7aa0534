#include "engine/core/key_set.h"

namespace engine {

static_assert(table_size == 138);

std::vector<DispatchKey> KeySet::keys() const {
  std::vector<DispatchKey> keys;
  for (int f = 1; f <= functionality_count; ++f) {
    const auto functionality = static_cast<DispatchKey>(f);
    if (!has(functionality)) continue;
    if (per_backend_index(functionality) < 0) {
      keys.push_back(functionality);
      continue;
    }
    for (int b = 1; b <= backend_count; ++b)
      if (has(static_cast<Backend>(b))) keys.push_back(runtime_key(functionality, static_cast<Backend>(b)));
  }
  return keys;
}

namespace {

bool has_per_backend(KeySet set) {
  for (DispatchKey functionality : per_backend_functionalities)
    if (set.has(functionality)) return true;
  return false;
}

}  // namespace

std::string to_string(KeySet set) {
  std::string text;
  const auto add = [&](std::string_view name) { text.append(text.empty() ? "" : ", ").append(name); };
  if (!has_per_backend(set))
    for (int b = 1; b <= backend_count; ++b)
      if (set.has(static_cast<Backend>(b))) add(std::string(name_of(static_cast<Backend>(b))) + "Bit");
  if ((set & KeySet::backends()).empty())
    for (DispatchKey functionality : per_backend_functionalities)
      if (set.has(functionality)) add(name_of(functionality));
  for (DispatchKey key : set.keys()) add(name_of(key));
  return "DispatchKeySet(" + text + ")";
}

const std::array<DispatchKey, table_size>& table_keys() {
  static const std::array<DispatchKey, table_size> keys = [] {
    std::array<DispatchKey, table_size> all{};
    for (DispatchKey key : KeySet::full().keys()) all[KeySet(key).table_index()] = key;
    return all;
  }();
  return keys;
}

}  // namespace engine
