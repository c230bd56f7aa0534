// Layers: the table of everything that a path can be made of. A row says how the layer is written, which
// dispatch key it makes calls meet, how it transforms inputs, what it cannot be combined with, and how
// reproducers show it. Promises: one row per LayerKind, in its order. To add a layer, add an enumerator and a
// row; a layer whose row describes it completely (other bytes, a key as a mark) needs nothing else but
// support in the subjects.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>

#include "engine/core/dispatch_key.h"
#include "engine/core/dtype.h"

namespace corpora {

// Oracles choose with generators seeded by these numbers: append, or the same seed draws different paths.
enum class LayerKind : uint8_t {
  zeros,
  zero,
  conj,
  neg,
  typed,
  meta,
  contiguous,
  pattern,
  form,
  host_cuda,
  python,
  wrapped,
  peer,
  grad,
  constant,
  leaf,
  unrecorded
};

enum class LayerTakes : uint8_t { nothing, storage, number };

// What a transformed storage holds, compared with what the case says.
enum class StorageBytes : uint8_t { kept, zeros, negated, conjugated, none };

struct LayerRow {
  LayerKind kind;
  std::string_view name;
  std::string_view phrase;  // a clause for reports; {} is the storage or number
  LayerTakes takes = LayerTakes::nothing;
  std::optional<engine::DispatchKey> key = {};  // the key that calls meet because of this layer
  bool marks_views = false;                     // the key is a bit on each view of the storage
  StorageBytes bytes = StorageBytes::kept;
  bool (*accepts)(engine::DType) = nullptr;  // the storages that the layer can transform; null: all
  std::optional<LayerKind> needs = {};       // a path with this layer must have that one, too
  std::optional<LayerKind> excludes = {};    // and must not have that one
  std::optional<LayerKind> implies = {};     // has the effect of that layer, too
  bool on_request = true;                    // an oracle uses it when the path of a case requests it
  bool under_python = false;                 // the python oracle also draws it for both sides
  std::string_view python_memory = {};       // the Python step that transforms one storage, `base`
  std::string_view python_views = {};        // the Python step that transforms all inputs, `x`
  std::string_view no_python = {};  // why a reproducer cannot have a step; it is written without when empty

  bool has_number() const { return takes != LayerTakes::nothing; }
  bool names_a_storage() const { return takes == LayerTakes::storage; }
  bool has_python() const { return !python_memory.empty() || !python_views.empty(); }
};

std::span<const LayerRow> all_layers();
const LayerRow& row_of(LayerKind kind);

// A set of kinds of layers.
class LayerSet {
 public:
  constexpr LayerSet() = default;
  constexpr LayerSet(std::initializer_list<LayerKind> kinds) {
    for (const LayerKind kind : kinds) add(kind);
  }
  constexpr void add(LayerKind kind) { bits_ |= bit_of(kind); }
  constexpr bool has(LayerKind kind) const { return (bits_ & bit_of(kind)) != 0; }

 private:
  static constexpr uint32_t bit_of(LayerKind kind) { return uint32_t{1} << static_cast<int>(kind); }
  uint32_t bits_ = 0;
};

}  // namespace corpora
