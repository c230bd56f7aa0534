#include "engine/core/tensor.h"

#include <array>

#include "engine/core/error.h"
#include "engine/core/inference.h"
#include "engine/core/shape.h"

namespace engine {

KeySet dense_keys(DeviceType device) {
  using enum DispatchKey;
  constexpr std::array<KeySet, all_device_types.size()> autocast{AutocastCPU, AutocastCUDA, KeySet(),
                                                                 AutocastPrivateUse1, AutocastCUDA};
  return KeySet{ADInplaceOrView, Dense, AutogradFunctionality} | KeySet(backend_of(device)) |
         autocast[static_cast<size_t>(device)];
}

namespace {

KeySet new_tensor_keys(DeviceType device) {
  const KeySet keys = dense_keys(device);
  return in_inference_mode() ? keys - keys_without : keys;
}

}  // namespace

Tensor Tensor::over(Storage storage, DType dtype, IntSpan sizes, IntSpan strides, int64_t offset) {
  const Device device = storage->device();
  return Tensor(make_intrusive<TensorBody>(new_tensor_keys(device.type), std::move(storage), dtype, device,
                                           Geometry(sizes, strides), offset));
}

Tensor Tensor::view(IntSpan sizes, IntSpan strides, int64_t offset) const {
  return view_as(dtype(), sizes, strides, offset);
}

Tensor Tensor::view_as(DType dtype, IntSpan sizes, IntSpan strides, int64_t offset) const {
  return Tensor(
      make_intrusive<TensorBody>(keys(), storage(), dtype, device(), Geometry(sizes, strides), offset));
}

Tensor Tensor::toggled(DispatchKey key) const {
  Tensor toggled = view(sizes(), strides(), offset());
  toggled.set_keys(keys() ^ KeySet(key));
  return toggled;
}

bool Tensor::shares_storage(const Tensor& other) const {
  return defined() && other.defined() && storage() && storage() == other.storage();
}

int64_t Tensor::element_count() const { return engine::element_count(sizes()); }

bool Tensor::is_contiguous() const { return engine::is_contiguous(sizes(), strides()); }

void* Tensor::data() const {
  if (!has_data()) throw Error("the tensor has no data", ErrorKind::internal);
  void* const start = storage()->data();
  if (!start) return nullptr;
  return static_cast<std::byte*>(start) + offset() * static_cast<int64_t>(size_of(dtype()));
}

void Tensor::bump_version() const {
  if (storage()) storage()->bump_version();
}

void Tensor::set_geometry(IntSpan sizes, IntSpan strides, int64_t offset) const {
  body_->geometry_.set(sizes, strides);
  body_->offset_ = offset;
}

Tensor make_strided_tensor(DType dtype, IntSpan sizes, IntSpan strides, Device device, Allocator& allocator) {
  const Extent extent = extent_of(sizes, strides);
  if (extent.low < 0) throw Error("a new tensor cannot have negative strides");
  size_t bytes = 0;
  if (__builtin_mul_overflow(static_cast<size_t>(extent.high), size_of(dtype), &bytes))
    throw Error("the tensor is too large");
  Storage storage = device.type == DeviceType::meta ? make_storage_without_data(device, bytes)
                                                    : make_storage(device, bytes, allocator);
  return Tensor::over(std::move(storage), dtype, sizes, strides);
}

Tensor make_tensor(DType dtype, IntSpan sizes, Device device, Allocator& allocator) {
  return make_strided_tensor(dtype, sizes, contiguous_strides(sizes), device, allocator);
}

Tensor make_zero_tensor(DType dtype, IntSpan sizes, Device device) {
  const size_t bytes = static_cast<size_t>(element_count(sizes)) * size_of(dtype);
  Tensor zero =
      Tensor::over(make_storage_without_data(device, bytes), dtype, sizes, contiguous_strides(sizes));
  zero.set_keys(zero.keys().add(DispatchKey::ZeroTensor));
  return zero;
}

}  // namespace engine
