// Grid: how many threads run a kernel, and what the threads of a block share.
#pragma once

#include <cstddef>
#include <cstdint>

namespace engine {

struct Grid {
  unsigned blocks = 1;
  unsigned threads = 1;      // of a block, along x
  unsigned threads_y = 1;    // and along y
  size_t shared_bytes = 0;   // of a block
  bool has_barriers = true;  // threads of a block wait for each other, at barriers or shuffles
};

// One thread for each element, without barriers.
constexpr Grid element_grid(int64_t elements) {
  constexpr int64_t warp = 32, most = 128;
  const int64_t threads = elements < most ? (elements + warp - 1) / warp * warp : most;
  return {.blocks = static_cast<unsigned>((elements + threads - 1) / threads),
          .threads = static_cast<unsigned>(threads),
          .has_barriers = false};
}

}  // namespace engine
