#include "oracles/subjects/torch/inputs.h"

#include <ATen/core/ivalue.h>
// The value type comes first: some compilers want it complete in the headers below.
#include <ATen/Functions.h>
#include <c10/core/ScalarTypeToTypeMeta.h>
#include <c10/core/TensorImpl.h>

#include <cstring>
#include <optional>

#include "oracles/subjects/torch/allocator.h"
#include "oracles/subjects/torch/arguments.h"
#include "oracles/subjects/torch/private_device.h"
#include "oracles/subjects/torch/python_layers.h"
#include "oracles/subjects/torch/version.h"

namespace oracles::aten {

using corpora::LayerKind;

namespace {

constexpr corpora::LayerSet supported{LayerKind::zeros,
                                      LayerKind::zero,
                                      LayerKind::conj,
                                      LayerKind::neg,
                                      LayerKind::typed,
                                      LayerKind::meta,
                                      LayerKind::contiguous,
                                      LayerKind::pattern,
                                      LayerKind::form,
                                      LayerKind::grad,
                                      LayerKind::constant,
                                      LayerKind::leaf,
                                      LayerKind::no_grad,
                                      LayerKind::inference,
                                      LayerKind::incoming,
                                      LayerKind::second,
                                      LayerKind::functional,
                                      LayerKind::batched,
                                      LayerKind::nested,
                                      LayerKind::batching,
                                      LayerKind::threads,
                                      LayerKind::python,
                                      LayerKind::wrapped,
                                      LayerKind::fake,
                                      LayerKind::private_device,
                                      LayerKind::symbolic,
                                      LayerKind::fused,
                                      LayerKind::overwritten,
                                      LayerKind::dual};

// A dtype of the case that this PyTorch does not have.
std::optional<engine::DType> missing_dtype(const corpora::Case& c) {
  for (const corpora::Storage& storage : c.storages)
    if (!has_dtype(storage.dtype)) return storage.dtype;
  for (const corpora::Call& call : c.calls)
    for (const corpora::Value& value : call.arguments)
      if (value.kind == corpora::ValueKind::dtype && !has_dtype(value.dtype)) return value.dtype;
  return std::nullopt;
}

// Whether inputs view the storage, and each has one element.
bool holds_single_elements(const corpora::Case& c, size_t storage) {
  const auto views = [&](const corpora::Input& input) {
    return input.storage == static_cast<int32_t>(storage);
  };
  return std::ranges::any_of(c.inputs, views) &&
         std::ranges::all_of(c.inputs, [&](const corpora::Input& input) {
           return !views(input) || engine::element_count(input.sizes) == 1;
         });
}

}  // namespace

c10::Storage filled_storage(const std::vector<std::byte>& bytes) {
  GuardedAllocator& allocator = memory();
  c10::DataPtr data = allocator.allocate(bytes.size());
  if (!bytes.empty()) std::memcpy(data.get(), bytes.data(), bytes.size());
  return c10::make_intrusive<c10::StorageImpl>(
      c10::StorageImpl::use_byte_size_t(), static_cast<int64_t>(bytes.size()), std::move(data), &allocator,
      /*resizable=*/true);
}

at::Tensor tensor_on(c10::Storage storage, engine::DType dtype, c10::DispatchKeySet keys,
                     const engine::Dims& sizes, const engine::Dims& strides, int64_t offset) {
  auto tensor = at::detail::make_tensor<c10::TensorImpl>(std::move(storage), keys,
                                                         c10::scalarTypeToTypeMeta(scalar_type_of(dtype)));
  tensor.unsafeGetTensorImpl()->set_sizes_and_strides(
      c10::IntArrayRef(sizes.data(), sizes.size()), c10::IntArrayRef(strides.data(), strides.size()), offset);
  return tensor;
}

Inputs::Inputs(const corpora::Path& path, c10::Device home)
    : device(home),
      meta(has_layer(path, LayerKind::meta)),
      typed(has_layer(path, LayerKind::typed)),
      other_pattern(has_layer(path, LayerKind::pattern)),
      grad(has_layer(path, LayerKind::grad)),
      no_grad(has_layer(path, LayerKind::no_grad)),
      inference(has_layer(path, LayerKind::inference)),
      fake(has_layer(path, LayerKind::fake)),
      elsewhere(has_layer(path, LayerKind::private_device)),
      python(has_layer(path, LayerKind::python)),
      wraps(has_layer(path, LayerKind::wrapped)) {
  if (meta) device = c10::DeviceType::Meta;
  if (elsewhere) device = home.is_cpu() ? private_device : c10::Device(c10::DeviceType::CPU);
  if (fake) device = c10::DeviceType::CPU;
  if (device == private_device && no_private_device().empty()) add_private_device();
  for (const corpora::Layer& layer : path)
    if (layer.kind == LayerKind::dual)
      dual = layer.storage;
    else if (layer.kind == LayerKind::functional)
      functional.emplace(layer.storage == 1);
    else if (layer.kind == LayerKind::symbolic)
      symbolic = layer.storage;
    else if (layer.kind == LayerKind::fake)
      constants = layer.storage >= 2;
    else if (layer.kind == LayerKind::batching)
      batch.emplace(path);
    else if (layer.row().marks_views)
      keys = keys.add(key_of(layer.row()));
}

void Inputs::make(const corpora::Case& c, const corpora::Image& image, const corpora::Path& path) {
  transform(*this, c, image, path);
  if (fake) make_fakes(c, image);
  if (functional) functional->wrap(*this);
  if (!batch && !wraps) return;
  const LayersByStorage layers = layers_by_storage(c, path);
  if (batch) batch->wrap(*this, layers);
  if (!wraps) return;
  for (Input& input : inputs)
    if (layers[static_cast<size_t>(storages[input.unit].of)].has(LayerKind::wrapped)) {
      input.passed = wrapped(input.tensor);
      input.passed.unsafeGetTensorImpl()->set_version_counter(storages[input.unit].base.of_wrappers);
    }
}

// A fake tensor over the view on the meta device. A constant is made from a tensor of the CPU, and its
// storage is the one that the mode gives it.
void Inputs::make_fakes(const corpora::Case& c, const corpora::Image& image) {
  begin_fake_run(symbolic);
  std::vector<c10::Storage> known(storages.size());
  for (size_t s = 0; constants && s < storages.size(); ++s)
    if (holds_single_elements(c, s)) known[s] = filled_storage(image.storages[s]);
  for (Input& input : inputs) {
    Unit& unit = storages[input.unit];
    const c10::Storage& data = known[input.unit];
    const c10::DispatchKeySet cpu_keys(c10::DispatchKey::CPU);
    input.passed = input.tensor =
        fake_of(data ? tensor_on(data, unit.dtype, cpu_keys, input.sizes, input.strides, input.offset)
                     : input.tensor);
    if (data) unit.storage = input.tensor.storage();
  }
}

void Inputs::allocate(Unit& unit, size_t bytes, corpora::LayerSet on) const {
  if (batch && unit.before && (on.has(LayerKind::batched) || on.has(LayerKind::nested)))
    unit.remember(batch_of(batch->batching(), levels_of(on), unit.dtype, *unit.before));
  const int64_t elements = static_cast<int64_t>(bytes / engine::size_of(unit.dtype));
  const auto options = at::TensorOptions(scalar_type_of(unit.dtype));
  if (unit.before) {
    unit.storage = storage_on(device, *unit.before);
    unit.base.keys = backend_keys(device);
  } else if (meta || fake) {
    unit.storage = at::empty({elements}, options.device(at::kMeta)).storage();
    unit.base.keys = c10::DispatchKeySet(c10::DispatchKey::Meta);
  } else {
    const at::Tensor whole = at::_efficientzerotensor({elements}, options.device(device));
    unit.storage = whole.storage();
    if (zero_tensors_keep_a_gone_allocator)
      unit.storage.unsafeGetStorageImpl()->set_allocator(&gone_allocator());
    unit.base.keys = whole.key_set();
  }
  for (const corpora::LayerRow& row : corpora::all_layers())
    if (row.marks_views && on.has(row.kind)) unit.base.keys = unit.base.keys.add(key_of(row));
}

at::Tensor Inputs::view(const Unit& unit, const Input& input) const {
  at::Tensor tensor =
      tensor_on(unit.storage, unit.dtype, unit.base.keys, input.sizes, input.strides, input.offset);
  tensor.unsafeGetTensorImpl()->set_version_counter(unit.base.version);
  return tensor;
}

bool has_geometry(const c10::TensorImpl& impl) {
  return impl.has_storage() && impl.layout() == c10::kStrided &&
         !impl.key_set().has(c10::DispatchKey::NestedTensor) &&
         !impl.key_set().has(c10::DispatchKey::FuncTorchBatched);
}

Seen seen(const at::Tensor& tensor) {
  const c10::TensorImpl& impl = *tensor.unsafeGetTensorImpl();
  if (!has_geometry(impl)) return {.holder = &impl, .sizes = {}, .strides = {}};
  const void* storage = Inputs::identity(impl.unsafe_storage());
  if (has_symbols(impl)) {
    const c10::SymInt offset = impl.sym_storage_offset();
    return {&impl, storage, numbers_of(impl.sym_sizes()), numbers_of(impl.sym_strides()),
            numbers_of({&offset, 1})[0]};
  }
  return {&impl,
          storage,
          {impl.sizes().begin(), impl.sizes().end()},
          {impl.strides().begin(), impl.strides().end()},
          impl.storage_offset()};
}

Seen Inputs::live(const at::Tensor& tensor) const {
  if (functional) return functional->now(tensor);
  return batch ? batch->chosen_of(tensor) : seen(tensor);
}

std::span<std::byte> Inputs::writable(const c10::Storage& storage) {
  const c10::StorageImpl& impl = *storage.unsafeGetStorageImpl();
  return {static_cast<std::byte*>(const_cast<void*>(static_cast<const void*>(impl.data()))), impl.nbytes()};
}

uint32_t Inputs::version(const at::Tensor& tensor) const {
  const auto writes = [](const at::Tensor& t) {
    return t.unsafeGetTensorImpl()->version_counter().current_version();
  };
  uint32_t count = writes(tensor);
  if (wraps)
    for (const Input& input : inputs)
      if (input.tensor.is_same(tensor) && !input.passed.is_same(tensor)) count += writes(input.passed);
  return count;
}

// What only the CPU has, or needs memory that the host can write.
constexpr LayerKind of_the_cpu[]{LayerKind::zero, LayerKind::grad, LayerKind::functional, LayerKind::fake,
                                 LayerKind::threads};

std::string input_refusal(const corpora::Case& c, const corpora::Path& path, c10::Device home) {
  const std::string fault = layers_fault(c, path, supported);
  if (!fault.empty()) return fault;
  if (const std::string_view why = python_layers_refusal(path); !why.empty()) return std::string(why);
  if (has_layer(path, LayerKind::fake) && has_layer(path, LayerKind::grad))
    return "fake tensors of PyTorch are compared without gradients";
  if (!home.is_cpu())
    for (const LayerKind kind : of_the_cpu)
      if (has_layer(path, kind))
        return "inputs of the layer " + std::string(corpora::row_of(kind).name) + " are on the CPU";
  if (home.is_cpu() && has_layer(path, LayerKind::private_device))
    if (const std::string_view why = no_private_device(); !why.empty()) return std::string(why);
  if (has_layer(path, LayerKind::meta) && has_layer(path, LayerKind::zero) && !zero_tensors_on_meta)
    return "this libtorch has no zero tensors on the meta device";
  if (const auto dtype = missing_dtype(c))
    return "this PyTorch has no dtype " + std::string(engine::name_of(*dtype));
  for (const corpora::Input& input : c.inputs)
    for (int64_t stride : input.strides)
      if (stride < 0) return "libtorch has no negative strides";
  return {};
}

}  // namespace oracles::aten
