// Dressing for the engine: a case's inputs as live tensors, the way a path's layers ask for. Promises: views
// keep sizes, strides and offset, and share their storage and its version counter.
#pragma once

#include <vector>

#include "corpora/case/case.h"
#include "corpora/case/image.h"
#include "engine/core/few.h"
#include "engine/core/value.h"
#include "oracles/subjects/engine/engine_python.h"

namespace oracles {

// Memory that dressed inputs view: a storage of the case or, when contiguous, one input's own copy.
struct DressedEngineStorage {
  int32_t of = 0;
  engine::DType dtype = engine::DType::f32;
  engine::Storage storage;
  const std::vector<std::byte>* before = nullptr;  // physical bytes at the start; null: it holds no data
  std::vector<std::byte> own;  // what `before` points to when layers changed the image's bytes
};

struct DressedEngineInput {
  engine::Tensor tensor;
  size_t unit = 0;  // its storage
  engine::Dims sizes, strides;
  int64_t offset = 0;
  engine::Tensor passed = {};  // to calls: the tensor, or its wrapper
};

struct DressedForEngine {
  engine::Few<DressedEngineStorage> storages;
  engine::Few<DressedEngineInput> inputs;
  engine::KeySet keys;        // lazy bits put on tensors, whose reach is asked for
  engine::Device device;      // where all tensors live
  bool elsewhere = false;     // because a layer says so
  uint64_t thread_order = 0;  // of kernels that the host runs as CUDA's
  bool meta = false, typed = false, other_pattern = false, grad = false;
  PythonLayers python;
};

// The layers that the engine supports; Peer runs the programs of `peer`, and the variants oracle rewrites
// those of `form`.
constexpr corpora::LayerSet engine_layers{
    corpora::LayerKind::zeros,      corpora::LayerKind::zero,     corpora::LayerKind::conj,
    corpora::LayerKind::neg,        corpora::LayerKind::typed,    corpora::LayerKind::meta,
    corpora::LayerKind::contiguous, corpora::LayerKind::pattern,  corpora::LayerKind::form,
    corpora::LayerKind::host_cuda,  corpora::LayerKind::python,   corpora::LayerKind::wrapped,
    corpora::LayerKind::grad,       corpora::LayerKind::constant, corpora::LayerKind::leaf,
    corpora::LayerKind::unrecorded};

// On `device`, where the path says nothing of it.
DressedForEngine engine_plan_of(const corpora::Path& path, engine::Device device);
// The storages are allocated where the thread allocates.
void dress(DressedForEngine& dressed, const corpora::Case& c, const corpora::Image& image,
           const corpora::Path& path);

}  // namespace oracles
