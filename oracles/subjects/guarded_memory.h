// GuardedMemory: the memory under every CPU tensor of a subject. Fresh blocks hold a byte pattern, guards of
// the same pattern stand before and behind each block, and a run may allocate a quota. Promises: a write
// outside a block, up to the guards' width, is noticed when the block is given back or checked; a request
// past the quota throws OverQuota and leaves a mark. Empty blocks are null pointers.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <new>

#include "oracles/subjects/block_arena.h"

namespace oracles {

struct OverQuota final : std::bad_alloc {
  const char* what() const noexcept override { return "the run's memory quota is used up"; }
};

class GuardedMemory {
 public:
  static constexpr uint8_t usual_pattern = 0xA5;
  static constexpr uint8_t other_pattern = 0x5A;

  void* take(size_t bytes);
  void give_back(void* data);

  // A run begins: `quota` bytes may be live beyond those that are live now.
  void begin_run(uint8_t pattern, size_t quota);
  bool over_quota() const { return over_quota_; }
  // Looks at the guards of all live blocks; true when one was damaged, there or in a block freed since the
  // last call.
  bool take_damage();

 private:
  struct Block;
  class Locked;
  void* raw(size_t bytes);
  void enlist(Block& block);

  std::atomic_flag lock_ = ATOMIC_FLAG_INIT;  // libraries may free from threads of their own
  Block* live_ = nullptr;
  BlockArena arena_;
  std::atomic<size_t> live_bytes_ = 0;
  std::atomic<bool> over_quota_ = false;
  std::atomic<bool> damaged_ = false;
  std::atomic<size_t> limit_ = SIZE_MAX;
  std::atomic<uint8_t> pattern_ = usual_pattern;
};

// malloc, for this process: freed memory stays its own, since giving it back after each run and faulting it
// in for the next costs more than the run; and blocks are filled, so that what reads beside its vector of
// numbers finds the same there in every build.
void settle_malloc();

}  // namespace oracles
