#include "oracles/trial/storage_layers.h"

namespace oracles {

using corpora::LayerKind;

LayersByStorage layers_by_storage(const corpora::Case& c, const corpora::Path& path) {
  LayersByStorage by_storage(c.storages.size());
  for (const corpora::Layer& layer : path) {
    if (!corpora::names_a_storage(layer.kind)) continue;
    StorageLayers& on = by_storage[static_cast<size_t>(layer.storage)];
    if (layer.kind == LayerKind::zeros) on.zeros = true;
    if (layer.kind == LayerKind::zero) on.zero = true;
    if (layer.kind == LayerKind::neg) on.neg = true;
    if (layer.kind == LayerKind::conj) on.conj = true;
    if (layer.kind == LayerKind::wrapped) on.wrapped = true;
    if (layer.kind == LayerKind::constant) on.constant = true;
    if (layer.kind == LayerKind::leaf) on.leaf = true;
    if (layer.kind == LayerKind::unrecorded) on.constant = on.unrecorded = true;
  }
  return by_storage;
}

std::string layers_fault(const corpora::Case& c, const corpora::Path& path) {
  for (const corpora::Layer& layer : path) {
    if (layer.kind == LayerKind::peer) return "the subject has no peer to ask";
    if (!corpora::names_a_storage(layer.kind)) continue;
    if (layer.storage < 0 || layer.storage >= static_cast<int32_t>(c.storages.size()))
      return "the path names a storage that the case does not have";
    const engine::DType dtype = c.storages[static_cast<size_t>(layer.storage)].dtype;
    if (layer.kind == LayerKind::neg && dtype == engine::DType::b8) return "bool has no negation";
    if ((layer.kind == LayerKind::constant || layer.kind == LayerKind::leaf ||
         layer.kind == LayerKind::unrecorded) &&
        !has_layer(path, LayerKind::grad))
      return "constant, leaf and unrecorded stand beside grad: no storage requires one without";
    if (layer.kind == LayerKind::conj && !engine::is_complex(dtype))
      return "conj takes complex storages only";
  }
  return {};
}

}  // namespace oracles
