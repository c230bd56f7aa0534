// Storage: the bytes that tensors look at, on one device, with the version counter that all its views share.
// Promises: bytes come from the allocator that its maker gave, and go back to it; a storage may have a size
// and no bytes at all (meta, zero tensors), then data() is null; version() grows with every write that is
// told to bump_version(). The allocator must outlive its storages.
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
  virtual void* allocate(size_t bytes) = 0;  // throws Error when it cannot; never called for 0 bytes
  virtual void release(void* data, size_t bytes) noexcept = 0;
  // One of the two is this allocator's memory, the other that or the host's.
  virtual void copy(void* to, const void* from, size_t bytes) const;
};

// malloc, for whoever has no wishes of its own.
Allocator& system_allocator();

// Where this thread's new tensors get their bytes: system_allocator(), unless a scope says otherwise.
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

// Where the memory of one type of device comes from, whatever a thread has chosen for the host's: told once,
// by the machine that has such memory. nullptr: the device computes in the host's memory.
void set_device_allocator(DeviceType type, Allocator& allocator);
Allocator* device_allocator(DeviceType type);

class StorageBlock : public RefCounted {
 public:
  StorageBlock(Device device, size_t bytes, Allocator* allocator);  // no allocator: no data
  ~StorageBlock() override;

  Device device() const { return device_; }
  size_t bytes() const { return bytes_; }
  void* data() const { return data_; }
  bool has_data() const { return allocator_ != nullptr; }
  // Whether the host may read data().
  bool on_host() const { return device_allocator(device_.type) == nullptr; }
  const Allocator& memory() const { return *allocator_; }

  // Keeps the leading bytes; new bytes are whatever the allocator gives.
  void resize(size_t bytes);

  uint32_t version() const { return version_.load(std::memory_order_relaxed); }
  void bump_version() { version_.fetch_add(1, std::memory_order_relaxed); }

 private:
  Device device_;
  std::atomic<uint32_t> version_{0};
  size_t bytes_;
  void* data_ = nullptr;
  Allocator* allocator_;
};

using Storage = Intrusive<StorageBlock>;

// Of a device with memory of its own the bytes come from there, and not from `allocator`.
Storage make_storage(Device device, size_t bytes, Allocator& allocator = thread_allocator());
Storage make_storage_without_data(Device device, size_t bytes);

}  // namespace engine
