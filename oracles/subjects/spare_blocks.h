// SpareBlocks: memory that was given back, kept for the next who asks for as much. A run takes the same few
// sizes as the one before, and those with their guards are past what malloc keeps at hand: it would split
// and merge each time. Promises: what it hands out is from malloc; what it keeps it fills, so that a read of
// freed memory finds the same each time; of more than 4 KiB it keeps nothing.
// With AddressSanitizer it keeps nothing at all, so that each use of freed memory is seen.
// For one thread at a time.
#pragma once

#include <array>
#include <cstddef>

namespace oracles {

class SpareBlocks {
 public:
  SpareBlocks() = default;
  ~SpareBlocks();
  SpareBlocks(const SpareBlocks&) = delete;
  SpareBlocks& operator=(const SpareBlocks&) = delete;

  // Throws std::bad_alloc.
  void* take(size_t bytes);
  // `bytes` as when it was taken.
  void give_back(void* block, size_t bytes);

 private:
  static constexpr size_t step = 256, most_bytes = 4096, most_kept = 64;
  struct Spare {
    Spare* next;
  };
  struct Shelf {
    Spare* first = nullptr;
    size_t count = 0;
  };
  std::array<Shelf, most_bytes / step + 1> shelves_;  // by size in steps, rounded up
};

}  // namespace oracles
