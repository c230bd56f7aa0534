// BlockArena: the memory from which GuardedMemory makes its blocks. They lie in a region of their own, in the
// order in which they were first taken; a freed one is filled and is the next to be reused for its size. Some
// kernels read past the end of a tensor: what they find there depends only on the blocks that this process
// took before, and not on the rest of the heap, nor on where the system puts a process's memory. Blocks that
// are too large for the region, or come when it is full, are from malloc. With AddressSanitizer all are, so
// that each use of freed memory is seen.
// For one thread at a time.
#pragma once

#include <array>
#include <cstddef>

namespace oracles {

class BlockArena {
 public:
  BlockArena() = default;
  ~BlockArena();
  BlockArena(const BlockArena&) = delete;
  BlockArena& operator=(const BlockArena&) = delete;

  // Throws std::bad_alloc.
  void* take(size_t bytes);
  // `bytes` as when it was taken.
  void give_back(void* block, size_t bytes);

 private:
  struct Freed {
    Freed* next;
  };
  void reserve();
  bool holds(const void* block) const;

  char* region_ = nullptr;  // reserved when the first block is taken
  size_t used_ = 0;
  std::array<Freed*, 64> freed_{};  // by size class
};

}  // namespace oracles
