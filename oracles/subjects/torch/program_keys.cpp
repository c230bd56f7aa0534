#include "oracles/subjects/torch/program_keys.h"

#include <array>
#include <bit>
#include <cstring>

namespace oracles::aten {

namespace {

// The bits of key sets; 0 for a bit without a counterpart.
struct Bits {
  std::array<uint64_t, 64> to_c10{};
  std::array<uint64_t, 64> to_engine{};
  std::array<std::optional<c10::DispatchKey>, engine::dispatch_key_count> keys;

  Bits() {
    for (int i = 0; i < engine::dispatch_key_count; ++i) {
      const std::string_view name = engine::name_of(static_cast<engine::DispatchKey>(i));
      for (unsigned k = 0; k <= static_cast<unsigned>(c10::DispatchKey::EndOfAliasKeys); ++k)
        if (name == c10::toString(static_cast<c10::DispatchKey>(k))) {
          keys[static_cast<size_t>(i)] = static_cast<c10::DispatchKey>(k);
          break;
        }
    }
    for (int f = 1; f <= engine::functionality_count; ++f) {
      const auto key = static_cast<engine::DispatchKey>(f);
      if (const auto known = keys[static_cast<size_t>(f)])
        pair(engine::KeySet(key).raw(), c10::DispatchKeySet(*known).raw_repr());
    }
    for (int b = 1; b <= engine::backend_count; ++b) {
      const std::string name = std::string(engine::name_of(static_cast<engine::Backend>(b))) + "Bit";
      for (unsigned k = 1; k <= static_cast<unsigned>(c10::BackendComponent::EndOfBackendKeys); ++k)
        if (name == c10::toString(static_cast<c10::BackendComponent>(k)))
          pair(engine::KeySet(static_cast<engine::Backend>(b)).raw(),
               c10::DispatchKeySet(static_cast<c10::BackendComponent>(k)).raw_repr());
    }
  }
  void pair(uint64_t ours, uint64_t theirs) {
    to_c10[static_cast<size_t>(std::countr_zero(ours))] = theirs;
    to_engine[static_cast<size_t>(std::countr_zero(theirs))] = ours;
  }
};

const Bits& bits() {
  static const Bits all;
  return all;
}

uint64_t through(uint64_t raw, const std::array<uint64_t, 64>& map) {
  uint64_t made = 0;
  for (; raw != 0; raw &= raw - 1) made |= map[static_cast<size_t>(std::countr_zero(raw))];
  return made;
}

}  // namespace

std::optional<c10::DispatchKey> c10_key(engine::DispatchKey key) {
  return bits().keys[static_cast<size_t>(key)];
}

std::optional<engine::DispatchKey> engine_key(std::string_view name) {
  return engine::dispatch_key_named(name);
}

bool all_known(engine::KeySet keys) {
  for (uint64_t left = keys.raw(); left != 0; left &= left - 1)
    if (bits().to_c10[static_cast<size_t>(std::countr_zero(left))] == 0) return false;
  return true;
}

c10::DispatchKeySet c10_keys(engine::KeySet keys) {
  return c10::DispatchKeySet(c10::DispatchKeySet::RAW, through(keys.raw(), bits().to_c10));
}

engine::KeySet engine_keys(c10::DispatchKeySet keys) {
  return engine::KeySet::from_raw(through(keys.raw_repr(), bits().to_engine));
}

std::set<std::string, std::less<>> known_layers() {
  std::set<std::string, std::less<>> names;
  for (int f = 1; f <= engine::functionality_count; ++f)
    if (bits().keys[static_cast<size_t>(f)])
      names.emplace(engine::name_of(static_cast<engine::DispatchKey>(f)));
  return names;
}

}  // namespace oracles::aten
