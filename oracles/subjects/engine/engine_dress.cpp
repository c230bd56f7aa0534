#include "oracles/subjects/engine/engine_dress.h"

#include <algorithm>

#include "oracles/compare/element_bytes.h"
#include "oracles/trial/storage_layers.h"

namespace oracles {

using corpora::LayerKind;
using engine::DispatchKey;

namespace {

// The storage, and the lazy keys of tensors on it.
engine::KeySet fill(DressedEngineStorage& unit, const std::vector<std::byte>& image,
                    const corpora::LayerSet& on, engine::Device device) {
  engine::KeySet keys;
  for (const corpora::LayerRow& row : corpora::all_layers())
    if (row.marks_views && on.has(row.kind)) keys |= *row.key;
  if (device.type == engine::DeviceType::meta || on.has(LayerKind::zero)) {
    unit.storage = engine::make_storage_without_data(device, image.size());
    return keys;
  }
  unit.before = &image;
  if (changes_bytes(on)) {
    unit.own = image;
    change_bytes(unit.dtype, on, unit.own);
    unit.before = &unit.own;
  }
  unit.storage = engine::make_storage(device, image.size());
  unit.storage->memory().copy(unit.storage->data(), unit.before->data(), image.size());
  return keys;
}

engine::Tensor view_of(const DressedEngineStorage& unit, const DressedEngineInput& input,
                       engine::KeySet keys) {
  engine::Tensor tensor =
      engine::Tensor::over(unit.storage, unit.dtype, input.sizes, input.strides, input.offset);
  tensor.set_keys(tensor.keys() | keys);
  return tensor;
}

void dress_shared(DressedForEngine& dressed, const corpora::Case& c, const corpora::Image& image,
                  const LayersByStorage& layers) {
  engine::Few<engine::KeySet> keys;
  dressed.storages.resize(c.storages.size());
  for (size_t s = 0; s < c.storages.size(); ++s) {
    DressedEngineStorage& unit = dressed.storages[s];
    unit.of = static_cast<int32_t>(s);
    unit.dtype = c.storages[s].dtype;
    keys.push_back(fill(unit, image.storages[s], layers[s], dressed.device));
  }
  for (const corpora::Input& input : c.inputs) {
    const auto s = static_cast<size_t>(input.storage);
    DressedEngineInput& made = dressed.inputs.emplace_back();
    made.unit = s;
    made.sizes = input.sizes;
    made.strides = input.strides;
    made.offset = input.offset;
    made.tensor = view_of(dressed.storages[s], made, keys[s]);
  }
}

void dress_contiguous(DressedForEngine& dressed, const corpora::Case& c, const corpora::Image& image,
                      const LayersByStorage& layers) {
  dressed.storages.reserve(c.inputs.size());
  for (const corpora::Input& input : c.inputs) {
    const auto s = static_cast<size_t>(input.storage);
    DressedEngineInput& made = dressed.inputs.emplace_back();
    made.unit = dressed.storages.size();
    made.sizes = input.sizes;
    made.strides = engine::contiguous_strides(input.sizes);
    DressedEngineStorage& unit = dressed.storages.emplace_back();
    unit.of = input.storage;
    unit.dtype = c.storages[s].dtype;
    const std::vector<std::byte> bytes =
        gathered(unit.dtype, image.storages[s].data(), input.sizes, input.strides, input.offset);
    const engine::KeySet keys = fill(unit, bytes, layers[s], dressed.device);
    if (unit.before == &bytes) {
      unit.own = bytes;
      unit.before = &unit.own;
    }
    made.tensor = view_of(unit, made, keys);
  }
}

}  // namespace

DressedForEngine engine_plan_of(const corpora::Path& path, engine::Device device) {
  DressedForEngine plan;
  plan.device = device;
  for (const corpora::Layer& layer : path) {
    if (layer.kind != LayerKind::host_cuda) continue;
    plan.device = engine::DeviceType::host_cuda;
    plan.elsewhere = true;
    plan.thread_order = static_cast<uint64_t>(layer.storage);
  }
  plan.meta = has_layer(path, LayerKind::meta);
  if (plan.meta) plan.device = engine::DeviceType::meta;
  plan.elsewhere = plan.elsewhere || plan.meta;
  plan.typed = has_layer(path, LayerKind::typed);
  plan.grad = has_layer(path, LayerKind::grad);
  plan.other_pattern = has_layer(path, LayerKind::pattern);
  for (const corpora::Layer& layer : path)
    if (layer.row().marks_views) plan.keys |= *layer.row().key;
  plan.python = PythonLayers(path);
  if (plan.python) plan.keys = {};  // the reach is Python's
  return plan;
}

void dress(DressedForEngine& dressed, const corpora::Case& c, const corpora::Image& image,
           const corpora::Path& path) {
  const LayersByStorage layers = layers_by_storage(c, path);
  dressed.inputs.reserve(c.inputs.size());
  if (has_layer(path, LayerKind::contiguous))
    dress_contiguous(dressed, c, image, layers);
  else
    dress_shared(dressed, c, image, layers);
  for (DressedEngineInput& input : dressed.inputs) {
    const auto storage = static_cast<size_t>(dressed.storages[input.unit].of);
    input.passed =
        layers[storage].has(LayerKind::wrapped) ? dressed.python.wrapping->wrap(input.tensor) : input.tensor;
  }
}

}  // namespace oracles
