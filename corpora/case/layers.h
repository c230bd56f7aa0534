// Layers: the table of all layers of paths. A row says how the layer is written, which dispatch key it adds
// to calls, how it transforms inputs, which layers it excludes, and how reproducers show it. There is one row
// per LayerKind, in its order. To add a layer, add an enumerator and a row, then support in the subjects. If
// the row describes the layer completely (different bytes, a key as a bit on views), that needs no code.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>

#include "engine/core/dispatch_key.h"
#include "engine/core/dtype.h"

namespace corpora {

// Oracles seed generators with these numbers: append new ones, or the same seed draws different paths.
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
  unrecorded,
  no_grad,
  inference,
  incoming,
  second,
  functional,
  batched,
  nested,
  batching,
  threads,
  fake,
  symbolic,
  overwritten,
  dual,
  fused,
  private_device,
  other_device,
  count  // not a layer
};

enum class LayerTakes : uint8_t { nothing, storage, number };

// The bytes of a transformed storage, compared with those of the case.
enum class StorageBytes : uint8_t { kept, zeros, negated, conjugated, none };

struct LayerRow {
  LayerKind kind;
  std::string_view name;
  std::string_view phrase;  // a clause for reports, with {} for the number
  LayerTakes takes = LayerTakes::nothing;
  std::optional<engine::DispatchKey> key = {};  // the key that calls have because of this layer
  bool marks_views = false;                     // the key is a bit on each view of the storage
  StorageBytes bytes = StorageBytes::kept;
  bool (*accepts)(engine::DType) = nullptr;          // the storages that the layer can transform; null: all
  std::optional<LayerKind> needs = {};               // a path with this layer must also have that one
  std::optional<LayerKind> excludes = {};            // a path with this layer must not have that one
  std::optional<LayerKind> implies = {};             // has the effect of that layer, too
  bool on_request = true;                            // an oracle uses it if the path of a case requests it
  bool under_python = false;                         // the python oracle also draws it for both sides
  std::string_view python_memory = {};               // the Python step that transforms one storage, `base`
  std::string_view python_views = {};                // the Python step that transforms all inputs, `x`
  std::string_view cpp_memory = {}, cpp_views = {};  // the same steps in C++
  std::string_view python_results = {};  // the step that makes `x` and `result` plain tensors again
  std::string_view no_python = {};       // why there cannot be a Python reproducer

  bool has_number() const { return takes != LayerTakes::nothing; }
  bool names_a_storage() const { return takes == LayerTakes::storage; }
  bool in_python_only() const { return !python_results.empty(); }
  bool has_python() const { return !python_memory.empty() || !python_views.empty(); }
};

std::span<const LayerRow> all_layers();
const LayerRow& row_of(LayerKind kind);

class LayerSet {
 public:
  constexpr LayerSet() = default;
  constexpr LayerSet(std::initializer_list<LayerKind> kinds) {
    for (const LayerKind kind : kinds) add(kind);
  }
  constexpr void add(LayerKind kind) { bits_ |= bit_of(kind); }
  constexpr bool has(LayerKind kind) const { return (bits_ & bit_of(kind)) != 0; }

 private:
  static constexpr uint64_t bit_of(LayerKind kind) { return uint64_t{1} << static_cast<int>(kind); }
  uint64_t bits_ = 0;
};

}  // namespace corpora
