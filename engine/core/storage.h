// Storage: the bytes of tensors on one device, with the version counter that all its views share.
// Promises: the bytes come from the given allocator and go back to it; a storage may have a size and no bytes
// (meta, ZeroTensor), then data() is null; bump_version(), which every write must call, increments version().
// The allocator must outlive its storages.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "engine/core/device.h"
#include "engine/core/intrusive.h"

namespace engine {

class Allocator {
 public:
  virtual ~Allocator() = default;
  virtual void* allocate(size_t bytes) = 0;  // throws Error if it cannot; not called for 0 bytes
  virtual void release(void* data, size_t bytes) noexcept = 0;
  // One of the two pointers is to this allocator's memory, the other to that or to the host's.
  virtual void copy(void* to, const void* from, size_t bytes) const;
};

Allocator& system_allocator();  // malloc

// The allocator of this thread's new tensors: system_allocator(), unless a scope uses a different one.
Allocator& thread_allocator();
class UseAllocator {
 public:
  explicit UseAllocator(Allocator& allocator);
  ~UseAllocator();
  UseAllocator(const UseAllocator&) = delete;
  UseAllocator& operator=(const UseAllocator&) = delete;

 private:
  Allocator* before_;
};

// The allocator of a type of device that has memory of its own, whatever thread_allocator() is; set once,
// when the device is found. nullptr: the device uses the host's memory.
void set_device_allocator(DeviceType type, Allocator& allocator);
Allocator* device_allocator(DeviceType type);

class StorageBlock : public RefCounted {
 public:
  StorageBlock(Device device, size_t bytes, Allocator* allocator);  // null: without data
  ~StorageBlock() override;

  Device device() const { return device_; }
  size_t bytes() const { return bytes_; }
  void* data() const { return data_; }
  bool has_data() const { return allocator_ != nullptr; }
  // Whether the host may read data().
  bool on_host() const { return device_allocator(device_.type) == nullptr; }
  const Allocator& memory() const { return *allocator_; }

  // Keeps the leading bytes; new bytes are uninitialised.
  void resize(size_t bytes);

  uint32_t version() const { return version_.load(std::memory_order_relaxed); }
  void bump_version() { version_.fetch_add(1, std::memory_order_relaxed); }

  // As Tensor::attached().
  const Intrusive<RefCounted>& attached() const { return attached_; }
  void attach(Intrusive<RefCounted> object) { attached_ = std::move(object); }

 private:
  Device device_;
  std::atomic<uint32_t> version_{0};
  size_t bytes_;
  void* data_ = nullptr;
  Allocator* allocator_;
  Intrusive<RefCounted> attached_;
};

using Storage = Intrusive<StorageBlock>;

// On a device with memory of its own, device_allocator() is used instead of `allocator`.
Storage make_storage(Device device, size_t bytes, Allocator& allocator = thread_allocator());
Storage make_storage_without_data(Device device, size_t bytes);

}  // namespace engine
