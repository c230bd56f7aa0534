#include "oracles/subjects/torch/allocator.h"

#include <c10/core/CPUAllocator.h>

namespace oracles::aten {

namespace {

void release_block(void* data) { memory().give_back(data); }

}  // namespace

c10::DataPtr GuardedAllocator::allocate(size_t bytes) const {
  void* data = memory().take(bytes);
  return {data, data, &release_block, c10::Device(c10::DeviceType::CPU)};
}

c10::DeleterFnPtr GuardedAllocator::raw_deleter() const { return &release_block; }

GuardedAllocator& memory() {
  static auto* const allocator = [] {
    auto* made = new GuardedAllocator;
    keep_freed_memory();
    c10::SetCPUAllocator(made, /*priority=*/200);
    return made;
  }();
  return *allocator;
}

}  // namespace oracles::aten
