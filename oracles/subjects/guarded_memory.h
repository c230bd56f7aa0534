// GuardedMemory: the memory of all CPU tensors of a subject. A fresh block holds a byte pattern, guards of
// the same pattern are before and after each block, and each run has a quota. Promises: a write outside a
// block, up to the guards' width, is detected when the block is freed or checked; a request beyond the quota
// throws OverQuota and sets over_quota(). Empty blocks are null pointers.
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

  // Begins a run, which may have `quota` more live bytes than now.
  void begin_run(uint8_t pattern, size_t quota);
  bool over_quota() const { return over_quota_; }
  // Checks the guards of all live blocks. True if one was overwritten, of these or of a block that was freed
  // since the last call.
  bool take_damage();

 private:
  struct Block;
  class Locked;
  void* raw(size_t bytes);
  void enlist(Block& block);

  std::atomic_flag lock_ = ATOMIC_FLAG_INIT;  // libraries may free blocks in other threads
  Block* live_ = nullptr;
  BlockArena arena_;
  std::atomic<size_t> live_bytes_ = 0;
  std::atomic<bool> over_quota_ = false;
  std::atomic<bool> damaged_ = false;
  std::atomic<size_t> limit_ = SIZE_MAX;
  std::atomic<uint8_t> pattern_ = usual_pattern;
};

// Configures malloc for this process. It keeps freed memory, because returning it after each run and faulting
// it in again costs more than the run. It fills blocks, so that a kernel that reads beyond an array of its
// own finds the same bytes in every build.
void settle_malloc();

}  // namespace oracles
