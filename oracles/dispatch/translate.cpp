#include "oracles/dispatch/translate.h"

#include <algorithm>

#include "engine/core/check.h"

namespace oracles {

namespace {

struct Numbers {
  std::array<int, engine::functionality_count + 1> layer{};
  std::array<int, engine::backend_count + 1> backend{};
  std::vector<engine::KeySet> of_layer, of_backend;
  Numbers() : of_layer(reference::layers().size()), of_backend(reference::backends().size()) {
    for (int f = 1; f <= engine::functionality_count; ++f) {
      const auto key = static_cast<engine::DispatchKey>(f);
      const int number = reference::layer_named(engine::name_of(key));
      CHECK(number > 0, "the rules know every layer");
      layer[static_cast<size_t>(f)] = number;
      of_layer[static_cast<size_t>(number)] = key;
    }
    for (int b = 1; b <= engine::backend_count; ++b) {
      const auto key = static_cast<engine::Backend>(b);
      const int number = reference::backend_named(engine::name_of(key));
      CHECK(number > 0, "the rules know every backend");
      backend[static_cast<size_t>(b)] = number;
      of_backend[static_cast<size_t>(number)] = engine::KeySet(key);
    }
  }
};

const Numbers& numbers() {
  static const Numbers all;
  return all;
}

}  // namespace

reference::Keys plain(engine::KeySet keys) {
  reference::Keys made;
  for (uint64_t left = keys.raw(); left != 0; left &= left - 1) {
    const auto bit = static_cast<size_t>(std::countr_zero(left));
    if (bit < engine::backend_count)
      made.backends.insert(numbers().backend[bit + 1]);
    else
      made.layers.insert(numbers().layer[bit - engine::backend_count + 1]);
  }
  return made;
}

engine::KeySet packed(const reference::Keys& keys) {
  engine::KeySet made;
  for (int layer : keys.layers) made |= numbers().of_layer[static_cast<size_t>(layer)];
  for (int backend : keys.backends) made |= numbers().of_backend[static_cast<size_t>(backend)];
  return made;
}

engine::DispatchKey packed(reference::Key key) {
  reference::Keys keys;
  keys.add(key);
  return packed(keys).highest_key();
}

const std::array<size_t, engine::table_size>& plain_slots() {
  static const std::array<size_t, engine::table_size> slots = [] {
    std::array<size_t, engine::table_size> all{};
    for (size_t slot = 0; slot < all.size(); ++slot)
      all[slot] = reference::target_named(engine::name_of(engine::table_keys()[slot]));
    return all;
  }();
  return slots;
}

}  // namespace oracles
