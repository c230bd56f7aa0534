#include "oracles/subjects/torch/allocator.h"

#include <c10/core/CPUAllocator.h>

#include <csignal>

namespace oracles::aten {

namespace {

void release_block(void* data) { memory().give_back(data); }

class GoneAllocator final : public c10::Allocator {
 public:
  c10::DataPtr allocate(size_t) FAULTLINE_ALLOCATE_CONST override {
    std::raise(SIGSEGV);
    return {};
  }
  void copy_data(void*, const void*, size_t) const { std::raise(SIGSEGV); }  // an override since 2.3
  c10::DeleterFnPtr raw_deleter() const override {
    std::raise(SIGSEGV);
    return nullptr;
  }
};

}  // namespace

c10::DataPtr GuardedAllocator::allocate(size_t bytes) FAULTLINE_ALLOCATE_CONST {
  void* data = memory().take(bytes);
  return {data, data, &release_block, c10::Device(c10::DeviceType::CPU)};
}

c10::DeleterFnPtr GuardedAllocator::raw_deleter() const { return &release_block; }

GuardedAllocator& memory() {
  static auto* const allocator = [] {
    auto* made = new GuardedAllocator;
    settle_malloc();
    c10::SetCPUAllocator(made, /*priority=*/200);
    return made;
  }();
  return *allocator;
}

c10::Allocator& gone_allocator() {
  static GoneAllocator gone;
  return gone;
}

}  // namespace oracles::aten
