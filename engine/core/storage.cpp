#include "engine/core/storage.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>

#include "engine/core/error.h"

namespace engine {

namespace {

class SystemAllocator final : public Allocator {
 public:
  void* allocate(size_t bytes) override {
    void* data = std::malloc(bytes);
    if (!data) throw Error("cannot allocate " + std::to_string(bytes) + " bytes");
    return data;
  }
  void release(void* data, size_t) noexcept override { std::free(data); }
};

thread_local Allocator* chosen_allocator = nullptr;
std::array<Allocator*, all_device_types.size()> device_allocators{};

}  // namespace

Allocator& system_allocator() {
  static SystemAllocator allocator;
  return allocator;
}

Allocator& thread_allocator() { return chosen_allocator ? *chosen_allocator : system_allocator(); }

void Allocator::copy(void* to, const void* from, size_t bytes) const {
  if (bytes > 0) std::memcpy(to, from, bytes);
}

void set_device_allocator(DeviceType type, Allocator& allocator) {
  device_allocators[static_cast<size_t>(type)] = &allocator;
}
Allocator* device_allocator(DeviceType type) { return device_allocators[static_cast<size_t>(type)]; }

UseAllocator::UseAllocator(Allocator& allocator) : before_(std::exchange(chosen_allocator, &allocator)) {}
UseAllocator::~UseAllocator() { chosen_allocator = before_; }

StorageBlock::StorageBlock(Device device, size_t bytes, Allocator* allocator)
    : device_(device), bytes_(bytes), allocator_(allocator) {
  if (allocator_ && bytes_ > 0) data_ = allocator_->allocate(bytes_);
}

StorageBlock::~StorageBlock() {
  if (data_) allocator_->release(data_, bytes_);
}

void StorageBlock::resize(size_t bytes) {
  if (bytes == bytes_) return;
  void* data = nullptr;
  if (allocator_ && bytes > 0) data = allocator_->allocate(bytes);
  if (data && data_) allocator_->copy(data, data_, std::min(bytes, bytes_));
  if (data_) allocator_->release(data_, bytes_);
  data_ = data;
  bytes_ = bytes;
}

Storage make_storage(Device device, size_t bytes, Allocator& allocator) {
  Allocator* const own = device_allocator(device.type);
  return make_intrusive<StorageBlock>(device, bytes, own ? own : &allocator);
}

Storage make_storage_without_data(Device device, size_t bytes) {
  return make_intrusive<StorageBlock>(device, bytes, nullptr);
}

}  // namespace engine
