#include "oracles/subjects/engine/engine_inputs.h"

#include <algorithm>
#include <cstring>

#include "engine/fake/constants.h"

namespace oracles {

using corpora::LayerKind;

HostBytes::HostBytes(const engine::StorageBlock& storage)
    : data_(static_cast<const std::byte*>(storage.data())), size_(storage.bytes()) {
  if (storage.on_host() || size_ == 0) return;
  copied_.resize(size_);
  storage.memory().copy(copied_.data(), storage.data(), size_);
  data_ = copied_.data();
}

EngineInputs::EngineInputs(const corpora::Path& path, engine::Device on) : device(on), python(path) {
  for (const corpora::Layer& layer : path) {
    if (layer.row().marks_views) keys |= *layer.row().key;
    if (layer.kind == LayerKind::dual) dual = layer.storage;
    if (layer.kind != LayerKind::host_cuda) continue;
    device = engine::DeviceType::host_cuda;
    elsewhere = true;
    thread_order = static_cast<uint64_t>(layer.storage);
  }
  meta = has_layer(path, LayerKind::meta);
  if (meta) device = engine::DeviceType::meta;
  elsewhere = elsewhere || meta;
  typed = has_layer(path, LayerKind::typed);
  grad = has_layer(path, LayerKind::grad);
  no_grad = has_layer(path, LayerKind::no_grad);
  inference = has_layer(path, LayerKind::inference);
  other_pattern = has_layer(path, LayerKind::pattern);
  if (python) keys = {};  // measures the reach of the key Python instead
}

namespace {

engine::Device another_than(engine::Device device) {
  return device.type == engine::DeviceType::cpu ? engine::DeviceType::host_cuda : engine::DeviceType::cpu;
}

}  // namespace

void EngineInputs::allocate(Unit& unit, size_t bytes, corpora::LayerSet on) const {
  for (const corpora::LayerRow& row : corpora::all_layers())
    if (row.marks_views && on.has(row.kind)) unit.base |= *row.key;
  const engine::Device where = on.has(LayerKind::other_device) ? another_than(device) : device;
  if (!unit.before) {
    unit.storage = engine::make_storage_without_data(where, bytes);
    return;
  }
  unit.storage = engine::make_storage(where, bytes);
  unit.storage->memory().copy(unit.storage->data(), unit.before->data(), bytes);
}

engine::Tensor EngineInputs::view(const Unit& unit, const Input& input) const {
  engine::Tensor tensor =
      engine::Tensor::over(unit.storage, unit.dtype, input.sizes, input.strides, input.offset);
  tensor.set_keys(tensor.keys() | unit.base);
  return tensor;
}

void EngineInputs::make(const corpora::Case& c, const corpora::Image& image, const corpora::Path& path) {
  transform(*this, c, image, path);
  if (python.fake && !grad) make_fakes();
  if (python.constants && path.size() == 1) keep_constants(image);
  if (!python.wrapping) return;
  const LayersByStorage layers = layers_by_storage(c, path);
  for (Input& input : inputs)
    if (layers[static_cast<size_t>(storages[input.unit].of)].has(LayerKind::wrapped))
      input.passed = python.wrapping->wrap(input.tensor);
}

void EngineInputs::keep_constants(const corpora::Image& image) {
  for (const Input& input : inputs) {
    const Unit& unit = storages[input.unit];
    const std::vector<std::byte>& bytes = image.storages[static_cast<size_t>(unit.of)];
    const auto views = std::ranges::count(inputs, input.unit, &Input::unit);
    if (bytes.size() != engine::size_of(unit.dtype) || input.tensor.element_count() != 1 || views != 1 ||
        !unit.base.empty())
      continue;
    const engine::Tensor value = engine::make_strided_tensor(unit.dtype, input.sizes, input.strides);
    std::memcpy(value.data<std::byte>(), bytes.data(), bytes.size());
    engine::fake::keep_constant(input.passed, value);
  }
}

void EngineInputs::make_fakes() {
  for (Input& input : inputs) {
    input.passed = python.fake_of(input.passed);
    input.tensor = engine::unwrapped(input.passed);
    storages[input.unit].storage = input.tensor.storage();
  }
}

}  // namespace oracles
