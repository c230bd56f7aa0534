// What CUDA kernels are written with, for kernels that the host runs: one block after the other, the threads
// of a block in turns. Promises: a kernel without barriers is a plain loop. Threads of a kernel with barriers
// are fibers, which run from barrier to barrier in an order drawn from the thread's seed, so that a missing
// barrier shows. Shared memory is fresh for each block and comes from the thread's allocator, with its guards
// and its pattern for uninitialised bytes. Refuses, by Error(internal), threads of a block that wait at
// different places, or for a thread that has returned.
#pragma once

#include <bit>
#include <cstdint>
#include <source_location>
#include <type_traits>

#include "engine/backends/cuda/grid.h"

namespace engine::host_cuda {

struct Coordinates {
  unsigned x = 0, y = 0, z = 0;
};
inline thread_local constinit Coordinates threadIdx, blockIdx, blockDim;

// __syncthreads()
void barrier(std::source_location here = std::source_location::current());

// The eight bytes of the thread `delta` places further in the same warp; the thread's own past its end.
uint64_t shuffled_down(uint64_t bits, unsigned delta, std::source_location here);

// __shfl_down_sync() of a whole warp.
template <class T>
T shuffle_down(T value, unsigned delta, std::source_location here = std::source_location::current()) {
  static_assert(sizeof(T) == 8 && std::is_trivially_copyable_v<T>);
  return std::bit_cast<T>(shuffled_down(std::bit_cast<uint64_t>(value), delta, here));
}

// The block's shared memory: Grid::shared_bytes.
std::byte* shared_bytes();
template <class T>
T* shared_memory() {
  return reinterpret_cast<T*>(shared_bytes());
}

// The seed of the order in which threads take their turns, for a scope. 0 is the order of their numbers.
class UseThreadOrder {
 public:
  explicit UseThreadOrder(uint64_t seed);
  ~UseThreadOrder();
  UseThreadOrder(const UseThreadOrder&) = delete;
  UseThreadOrder& operator=(const UseThreadOrder&) = delete;

 private:
  uint64_t before_;
};

// Calls body(argument) once for each thread.
void run_grid(const Grid& grid, void (*body)(const void* argument), const void* argument);

template <class Walk>
void launch(const Grid& grid, void (*kernel)(Walk), const Walk& walk) {
  struct Launched {
    void (*kernel)(Walk);
    const Walk& walk;
  } const launched{kernel, walk};
  run_grid(
      grid,
      [](const void* argument) {
        const auto& of = *static_cast<const Launched*>(argument);
        of.kernel(of.walk);
      },
      &launched);
}

}  // namespace engine::host_cuda
