// GuardedAllocator: the memory under every CPU tensor of the torch subject. Fresh blocks hold a byte pattern,
// guards of the same pattern stand before and behind each block, and a run may allocate a quota.
// Promises: a write outside a block, up to the guards' width, is noticed when the block is freed or checked;
// a request past the quota throws OverQuota and leaves a mark. Empty blocks are null pointers, as in c10.
#pragma once

#include <c10/core/Allocator.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <new>

namespace oracles::aten {

struct OverQuota final : std::bad_alloc {
  const char* what() const noexcept override { return "the run's memory quota is used up"; }
};

class GuardedAllocator final : public c10::Allocator {
 public:
  static constexpr uint8_t usual_pattern = 0xA5;
  static constexpr uint8_t other_pattern = 0x5A;

  c10::DataPtr allocate(size_t bytes) const override;
  c10::DeleterFnPtr raw_deleter() const override;

  // A run begins: `quota` bytes may be live beyond those that are live now.
  void begin_run(uint8_t pattern, size_t quota);
  bool over_quota() const { return over_quota_; }
  // Looks at the guards of all live blocks; true when one was damaged, there or in a block freed since the
  // last call.
  bool take_damage();

 private:
  friend void release_block(void* data);
  struct Block;
  void enlist(Block& block) const;
  void release(void* data) const;

  mutable std::atomic_flag lock_ = ATOMIC_FLAG_INIT;  // libraries may free from threads of their own
  mutable Block* live_ = nullptr;
  mutable std::atomic<size_t> live_bytes_ = 0;
  mutable std::atomic<bool> over_quota_ = false;
  mutable std::atomic<bool> damaged_ = false;
  std::atomic<size_t> limit_ = SIZE_MAX;
  std::atomic<uint8_t> pattern_ = usual_pattern;
};

// The one allocator, made libtorch's CPU allocator on first use and never destroyed.
GuardedAllocator& memory();

}  // namespace oracles::aten
