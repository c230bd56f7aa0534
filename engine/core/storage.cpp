#include "engine/core/storage.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string>

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

}  // namespace

Allocator& system_allocator() {
  static SystemAllocator allocator;
  return allocator;
}

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
  if (data && data_) std::memcpy(data, data_, std::min(bytes, bytes_));
  if (data_) allocator_->release(data_, bytes_);
  data_ = data;
  bytes_ = bytes;
}

Storage make_storage(Device device, size_t bytes, Allocator& allocator) {
  return make_intrusive<StorageBlock>(device, bytes, &allocator);
}

Storage make_storage_without_data(Device device, size_t bytes) {
  return make_intrusive<StorageBlock>(device, bytes, nullptr);
}

}  // namespace engine
