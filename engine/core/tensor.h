// Tensor: a shared handle to a strided view of a storage, with a dtype and dispatch keys. A
// default-constructed Tensor is undefined: it has no data, but adds keys to a call, as in PyTorch.
// Promises: copies of a handle share the tensor; views share storage and version counter; lazy conjugation,
// lazy negation and "all elements are zero" are keys, so that the dispatcher sees them. Refuses, with
// Error(internal), to return data that a meta tensor or a ZeroTensor does not have.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "engine/core/device.h"
#include "engine/core/dtype.h"
#include "engine/core/geometry.h"
#include "engine/core/intrusive.h"
#include "engine/core/key_set.h"
#include "engine/core/storage.h"

namespace engine {

// The keys of an undefined tensor.
inline constexpr KeySet undefined_tensor_keys{DispatchKey::ADInplaceOrView, DispatchKey::AutogradOther};

// The keys of a plain strided tensor on a device.
KeySet dense_keys(DeviceType device);

class TensorBody : public RefCounted {
 public:
  TensorBody(KeySet keys, Storage storage, DType dtype, Device device, Geometry geometry, int64_t offset)
      : keys_(keys),
        storage_(std::move(storage)),
        offset_(offset),
        geometry_(std::move(geometry)),
        dtype_(dtype),
        device_(device) {}

  KeySet keys() const { return keys_; }
  void set_keys(KeySet keys) { keys_ = keys; }

 private:
  friend class Tensor;

  KeySet keys_;  // first, because a call reads nothing else of a tensor
  Storage storage_;
  int64_t offset_ = 0;
  Geometry geometry_;
  DType dtype_;
  Device device_;
  bool requires_grad_ = false;
  Intrusive<RefCounted> autograd_;
  Intrusive<RefCounted> wrapped_;
  Intrusive<RefCounted> attached_;
};

class Tensor {
 public:
  Tensor() = default;
  explicit Tensor(Intrusive<TensorBody> body) : body_(std::move(body)) {}

  // A tensor over `storage`, with dense_keys() of its device.
  static Tensor over(Storage storage, DType dtype, IntSpan sizes, IntSpan strides, int64_t offset = 0);
  // Another view of the same storage, with this tensor's keys, dtype and device. It requires no gradient.
  Tensor view(IntSpan sizes, IntSpan strides, int64_t offset) const;
  // The same with a different dtype, such as that of real and imaginary parts.
  Tensor view_as(DType dtype, IntSpan sizes, IntSpan strides, int64_t offset) const;
  // A view of all of this tensor in which `key` (Conjugate, Negative) is toggled.
  Tensor toggled(DispatchKey key) const;

  bool defined() const { return static_cast<bool>(body_); }
  bool is_same(const Tensor& other) const { return body_ == other.body_; }
  bool shares_storage(const Tensor& other) const;
  TensorBody* body() const { return body_.get(); }
  KeySet keys() const { return body_ ? body_->keys_ : undefined_tensor_keys; }

  // Everything below is for defined tensors only.
  DType dtype() const { return body_->dtype_; }
  Device device() const { return body_->device_; }
  size_t rank() const { return body_->geometry_.rank(); }
  IntSpan sizes() const { return body_->geometry_.sizes(); }
  IntSpan strides() const { return body_->geometry_.strides(); }
  int64_t size(size_t d) const { return sizes()[d]; }
  int64_t stride(size_t d) const { return strides()[d]; }
  int64_t offset() const { return body_->offset_; }
  int64_t element_count() const;
  bool is_contiguous() const;

  const Storage& storage() const { return body_->storage_; }
  bool has_data() const { return body_->storage_ && body_->storage_->has_data(); }
  // The element at `offset()`; null if the storage has no bytes.
  void* data() const;
  template <class T>
  T* data() const {
    return static_cast<T*>(data());
  }

  bool is_conj() const { return keys().has(DispatchKey::Conjugate); }
  bool is_neg() const { return keys().has(DispatchKey::Negative); }
  bool is_zero() const { return keys().has(DispatchKey::ZeroTensor); }
  bool is_meta() const { return device().type == DeviceType::meta; }

  uint32_t version() const { return body_->storage_ ? body_->storage_->version() : 0; }
  void bump_version() const;

  bool requires_grad() const { return body_ && body_->requires_grad_; }
  void set_requires_grad(bool requires_grad) const { body_->requires_grad_ = requires_grad; }
  const Intrusive<RefCounted>& autograd() const { return body_->autograd_; }
  void set_autograd(Intrusive<RefCounted> autograd) const { body_->autograd_ = std::move(autograd); }
  // The object that a wrapper tensor wraps; null for other tensors.
  const Intrusive<RefCounted>& wrapped() const { return body_->wrapped_; }
  void set_wrapped(Intrusive<RefCounted> wrapped) const { body_->wrapped_ = std::move(wrapped); }
  // What others remember of this tensor, such as its fake. It goes with the tensor, and changes nothing about
  // it.
  const Intrusive<RefCounted>& attached() const { return body_->attached_; }
  void attach(Intrusive<RefCounted> object) const { body_->attached_ = std::move(object); }

  void set_geometry(IntSpan sizes, IntSpan strides, int64_t offset) const;
  void set_storage(Storage storage) const { body_->storage_ = std::move(storage); }
  void set_keys(KeySet keys) const { body_->keys_ = keys; }

 private:
  Intrusive<TensorBody> body_;
};

// A new contiguous tensor with uninitialised elements; on meta, without data.
Tensor make_tensor(DType dtype, IntSpan sizes, Device device = DeviceType::cpu,
                   Allocator& allocator = thread_allocator());
// The same with given strides; the storage ends where the view ends.
Tensor make_strided_tensor(DType dtype, IntSpan sizes, IntSpan strides, Device device = DeviceType::cpu,
                           Allocator& allocator = thread_allocator());
// A tensor with the key ZeroTensor: all elements are zero, and no byte is stored.
Tensor make_zero_tensor(DType dtype, IntSpan sizes, Device device = DeviceType::cpu);

}  // namespace engine
