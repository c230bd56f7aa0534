// EngineInputs: a case's inputs as tensors of the engine, and what else the layers of a path require.
#pragma once

#include <span>

#include "engine/core/value.h"
#include "oracles/subjects/engine/engine_python.h"
#include "oracles/subjects/live_inputs.h"
#include "oracles/subjects/snapshots.h"

namespace oracles {

// The layers that the engine supports. For `form`, the variants oracle has rewritten the program.
constexpr corpora::LayerSet engine_layers{
    corpora::LayerKind::zeros,      corpora::LayerKind::zero,      corpora::LayerKind::conj,
    corpora::LayerKind::neg,        corpora::LayerKind::typed,     corpora::LayerKind::meta,
    corpora::LayerKind::contiguous, corpora::LayerKind::pattern,   corpora::LayerKind::form,
    corpora::LayerKind::host_cuda,  corpora::LayerKind::python,    corpora::LayerKind::wrapped,
    corpora::LayerKind::grad,       corpora::LayerKind::constant,  corpora::LayerKind::leaf,
    corpora::LayerKind::unrecorded, corpora::LayerKind::fake,      corpora::LayerKind::symbolic,
    corpora::LayerKind::no_grad,    corpora::LayerKind::inference, corpora::LayerKind::incoming,
    corpora::LayerKind::second,     corpora::LayerKind::dual,      corpora::LayerKind::other_device,
    corpora::LayerKind::fused};

// A storage's bytes, copied to the host if necessary.
class HostBytes {
 public:
  explicit HostBytes(const engine::StorageBlock& storage);
  const std::byte* data() const { return data_; }
  size_t size() const { return size_; }

 private:
  std::vector<std::byte> copied_;
  const std::byte* data_;
  size_t size_;
};

// The base of a unit: the keys of its views.
class EngineInputs : public LiveInputs<engine::Tensor, engine::Storage, engine::KeySet> {
 public:
  // On `device`, unless the path says otherwise.
  EngineInputs(const corpora::Path& path, engine::Device device);
  // Makes the tensors, with the thread's allocator.
  void make(const corpora::Case& c, const corpora::Image& image, const corpora::Path& path);

  bool holds_data(corpora::LayerSet on) const {
    return !meta && !python.fake && !on.has(corpora::LayerKind::zero);
  }
  void allocate(Unit& unit, size_t bytes, corpora::LayerSet on) const;
  engine::Tensor view(const Unit& unit, const Input& input) const;
  // The layer `fake`: replaces the inputs by fakes of them.
  void make_fakes();
  // The layer fake(n) from 2 on: inputs that are all of their storage, of one element, are constants.
  void keep_constants(const corpora::Image& image);

  bool off_cpu() const { return device.type != engine::DeviceType::cpu; }
  static const void* identity(const engine::Storage& storage) { return storage.get(); }
  static const void* identity(const engine::Tensor& tensor) { return tensor.body(); }
  static LiveView live(const engine::Tensor& tensor) {
    return {identity(tensor.storage()), tensor.sizes(), tensor.strides(), tensor.offset()};
  }
  static HostBytes memory(const engine::Storage& storage) { return HostBytes(*storage); }
  uint32_t version(const engine::Tensor& tensor) const { return python.version(tensor); }

  engine::KeySet keys;        // of views, whose reach is measured
  engine::Device device;      // of all tensors but those of the layer other_device
  bool elsewhere = false;     // a layer chose the device
  uint64_t thread_order = 0;  // seed of the order of threads in host_cuda kernels
  bool meta = false, typed = false, other_pattern = false, grad = false;
  bool no_grad = false, inference = false;  // modes around each call
  int32_t dual = -1;                        // the draw of tangents
  PythonLayers python;
};

}  // namespace oracles
