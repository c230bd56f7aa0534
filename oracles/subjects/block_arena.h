// BlockArena: the memory of GuardedMemory's blocks: a region that holds them in the order in which they were
// first taken. A freed block is filled, and is the next to be reused for its size. Some kernels read past the
// end of a tensor: what they find depends only on the blocks that this process took before, not on the rest
// of the heap, nor on the process's address space. Blocks come from malloc if they are too large or the
// region is full, and always with AddressSanitizer, so that it sees each use of freed memory.
// Not thread-safe.
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
  // `bytes`: as it was taken with.
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
