// Inputs: a case's inputs as tensors of libtorch, whose CPU storages come from the guarded allocator.
#pragma once

#include <ATen/core/Tensor.h>

#include <optional>
#include <span>
#include <string>

#include "oracles/subjects/live_inputs.h"
#include "oracles/subjects/snapshots.h"
#include "oracles/subjects/torch/batch.h"
#include "oracles/subjects/torch/device_memory.h"
#include "oracles/subjects/torch/functional.h"
#include "oracles/subjects/torch/operators.h"

namespace oracles::aten {

// A tensor as a program sees it: of a batched tensor the chosen example.
struct Seen {
  const c10::TensorImpl* holder = nullptr;  // has the dtype, the device, the lazy bits and the elements
  const void* storage = nullptr;
  engine::Dims sizes, strides;
  int64_t offset = 0;
};
Seen seen(const at::Tensor& tensor);  // as it is; without a storage if it has no geometry
bool has_geometry(const c10::TensorImpl& impl);

// What the views of one storage share.
struct Base {
  c10::DispatchKeySet keys;
  c10::VariableVersion version{0};
  c10::VariableVersion of_wrappers{0};  // of wrappers of the views
};

class Inputs : public LiveInputs<at::Tensor, c10::Storage, Base> {
 public:
  // On `home`, unless the path says otherwise.
  explicit Inputs(const corpora::Path& path, c10::Device home = c10::Device(c10::DeviceType::CPU));
  // Requires that input_refusal() is empty.
  void make(const corpora::Case& c, const corpora::Image& image, const corpora::Path& path);

  bool holds_data(corpora::LayerSet on) const { return !meta && !fake && !on.has(corpora::LayerKind::zero); }
  void allocate(Unit& unit, size_t bytes, corpora::LayerSet on) const;
  at::Tensor view(const Unit& unit, const Input& input) const;

  bool off_cpu() const { return !device.is_cpu(); }
  static const void* identity(const c10::Storage& storage) { return storage.unsafeGetStorageImpl(); }
  static const void* identity(const at::Tensor& tensor) { return tensor.unsafeGetTensorImpl(); }
  Seen live(const at::Tensor& tensor) const;
  static HostBytes memory(const c10::Storage& storage) { return HostBytes(storage); }
  // Counts the writes through plain tensors and through wrappers.
  uint32_t version(const at::Tensor& tensor) const;
  static std::span<std::byte> writable(const c10::Storage& storage);

  c10::DispatchKeySet keys;                  // of views, whose reach is measured
  c10::Device device{c10::DeviceType::CPU};  // of all tensors
  bool meta = false, typed = false, other_pattern = false, grad = false;
  bool no_grad = false, inference = false;  // the modes that calls run in
  int32_t dual = -1;                        // the draw of tangents (tangents.h), or -1
  bool fake = false;                        // all tensors are fake tensors of the CPU
  bool constants = false;                   // those of one element know it
  std::optional<int32_t> symbolic;          // the draw of symbols among their sizes
  bool elsewhere = false;                   // the layer private_device chose the device
  bool python = false, wraps = false;       // calls pass through modes in Python; some inputs are wrappers
  std::optional<Functional> functional;
  std::optional<Batch> batch;

 private:
  void make_fakes(const corpora::Case& c, const corpora::Image& image);
};

// A storage of the guarded allocator with these bytes.
c10::Storage filled_storage(const std::vector<std::byte>& bytes);
// A tensor over a storage; no operator makes it.
at::Tensor tensor_on(c10::Storage storage, engine::DType dtype, c10::DispatchKeySet keys,
                     const engine::Dims& sizes, const engine::Dims& strides, int64_t offset);

// Why libtorch cannot have these inputs on this path, or empty.
std::string input_refusal(const corpora::Case& c, const corpora::Path& path,
                          c10::Device home = c10::Device(c10::DeviceType::CPU));

}  // namespace oracles::aten
