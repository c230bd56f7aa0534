// Dispatch keys as names and sets: the layers and backends of PyTorch's main in their order, which keys exist
// once for each backend, and the aliases. Written from the documentation; shares no code with any dispatcher.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace reference {

// Layers and backends are numbered by priority: a higher one is dispatched to first. 0 is Undefined, or no
// backend.
struct Layer {
  std::string_view name;
  bool per_backend = false;
  std::string_view prefix = {};  // of its runtime keys: SparseCPU
};
const std::vector<Layer>& layers();
const std::vector<std::string_view>& backends();
int layer_named(std::string_view name);  // -1: there is none
int backend_named(std::string_view name);

// A key with a table entry: a layer, with a backend if the layer has one key for each backend.
struct Key {
  int layer = 0;
  int backend = 0;
  auto operator<=>(const Key&) const = default;
};
std::string name_of(Key key);
// All keys in the order of priority, Undefined first. A key's index is its slot.
const std::vector<Key>& all_keys();
size_t slot_of(Key key);

struct Keys {
  std::set<int> layers;
  std::set<int> backends;
  bool operator==(const Keys&) const = default;
  void add(Key key);
  void add(const Keys& other);
};

enum class Alias : int {
  autograd,
  composite_implicit,
  composite_implicit_nested,
  composite_explicit,
  composite_explicit_non_functional,
  batched_decomposition
};
inline constexpr size_t alias_count = 6;
std::string_view name_of(Alias alias);

// What a kernel can be registered for: a slot, an alias, or a part: a layer that is not a key without a
// backend. Numbered in that order.
using Target = size_t;
Target target_of(Alias alias);
Target target_named(std::string_view name);  // CHECKs that it exists
size_t target_count();
bool is_alias(Target target);
bool is_part(Target target);  // Dense, Sparse ... without a backend
int part_layer(Target target);

}  // namespace reference
