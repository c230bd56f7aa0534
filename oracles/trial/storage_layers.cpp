#include "oracles/trial/storage_layers.h"

#include <fmt/format.h>

#include <algorithm>

#include "oracles/compare/element_bytes.h"

namespace oracles {

using corpora::LayerRow;
using corpora::StorageBytes;

LayersByStorage layers_by_storage(const corpora::Case& c, const corpora::Path& path) {
  LayersByStorage by_storage(c.storages.size());
  for (const corpora::Layer& layer : path) {
    const LayerRow& row = layer.row();
    if (!row.names_a_storage()) continue;
    corpora::LayerSet& on = by_storage[static_cast<size_t>(layer.storage)];
    on.add(row.kind);
    if (row.implies) on.add(*row.implies);
  }
  return by_storage;
}

bool changes_bytes(const corpora::LayerSet& on) {
  return std::ranges::any_of(corpora::all_layers(), [&](const LayerRow& row) {
    return row.bytes != StorageBytes::kept && row.bytes != StorageBytes::none && on.has(row.kind);
  });
}

void change_bytes(engine::DType dtype, const corpora::LayerSet& on, std::vector<std::byte>& bytes) {
  const auto elements = static_cast<int64_t>(bytes.size() / engine::size_of(dtype));
  for (const LayerRow& row : corpora::all_layers()) {
    if (!on.has(row.kind)) continue;
    if (row.bytes == StorageBytes::zeros) std::ranges::fill(bytes, std::byte{0});
    if (row.bytes == StorageBytes::negated) negate(dtype, bytes.data(), elements);
    if (row.bytes == StorageBytes::conjugated) conjugate(dtype, bytes.data(), elements);
  }
}

std::string layers_fault(const corpora::Case& c, const corpora::Path& path, corpora::LayerSet supported) {
  for (const corpora::Layer& layer : path) {
    const LayerRow& row = layer.row();
    if (!supported.has(row.kind)) return fmt::format("the subject does not support layer {}", row.name);
    if (row.needs && !has_layer(path, *row.needs))
      return fmt::format("layer {} needs layer {}", row.name, row_of(*row.needs).name);
    if (row.excludes && has_layer(path, *row.excludes))
      return fmt::format("layer {} cannot be combined with layer {}", row.name, row_of(*row.excludes).name);
    if (!row.names_a_storage()) continue;
    if (layer.storage < 0 || layer.storage >= static_cast<int32_t>(c.storages.size()))
      return "the path names a storage that the case does not have";
    const engine::DType dtype = c.storages[static_cast<size_t>(layer.storage)].dtype;
    if (row.accepts && !row.accepts(dtype))
      return fmt::format("layer {} does not accept {} storages", row.name, engine::name_of(dtype));
  }
  return {};
}

}  // namespace oracles
