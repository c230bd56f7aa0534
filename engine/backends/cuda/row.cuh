// Rows: a block is the team of one row (functors/rows.h). The row stands in f64 in scratch memory.
#pragma once

#include <bit>
#include <vector>

#include "engine/backends/cuda/element.cuh"
#include "engine/backends/cuda/kernel_table.h"
#include "engine/backends/cuda/walk.h"
#include "engine/kernels/functors/kernel_list.h"
#include "engine/kernels/row_kernel.h"

namespace engine::ENGINE_MACHINE {

constexpr unsigned warp_threads = 32;

ENGINE_DEVICE constexpr unsigned warps_of(unsigned threads) {
  return (threads + warp_threads - 1) / warp_threads;
}

// The threads of a block: whole warps, or a power of two of them that is less than one. What a warp has is
// shuffled down to its first thread, warps meet in shared memory.
struct BlockTeam {
  double* told;  // a place for each warp

  ENGINE_DEVICE int64_t rank() const { return threadIdx.x; }
  ENGINE_DEVICE int64_t size() const { return blockDim.x; }

  template <class Merge>
  ENGINE_DEVICE double merged(double x) const {
    const unsigned lanes = blockDim.x < warp_threads ? blockDim.x : warp_threads;
    for (unsigned delta = lanes / 2; delta > 0; delta /= 2) x = Merge::of(x, shuffle_down(x, delta));
    if (threadIdx.x % warp_threads == 0) told[threadIdx.x / warp_threads] = x;
    barrier();
    double all = told[0];
    for (unsigned warp = 1; warp < warps_of(blockDim.x); ++warp) all = Merge::of(all, told[warp]);
    barrier();  // before anyone tells the next thing
    return all;
  }
  struct Larger {
    static ENGINE_DEVICE double of(double a, double b) { return math::max(a, b); }
  };
  struct Added {
    static ENGINE_DEVICE double of(double a, double b) { return a + b; }
  };
  ENGINE_DEVICE double max(double x) const { return merged<Larger>(x); }
  ENGINE_DEVICE double sum(double x) const { return merged<Added>(x); }
};

template <class Row>
ENGINE_KERNEL void change_row(RowWalk walk) {
  double* const row = walk.scratch + blockIdx.x * walk.size;
  const std::byte* const from = walk.self.at(walk.rows, blockIdx.x);
  std::byte* const to = walk.out.at(walk.rows, blockIdx.x);
  for (int64_t i = threadIdx.x; i < walk.size; i += blockDim.x)
    row[i] = read_element<double>(walk.self.dtype, from + i * walk.self_step * walk.self.width);
  barrier();
  BlockTeam team{shared_memory<double>()};
  Row{}(team, row, walk.size);
  barrier();
  for (int64_t i = threadIdx.x; i < walk.size; i += blockDim.x)
    write_element(walk.out.dtype, to + i * walk.out_step * walk.out.width, row[i]);
}

// No more threads than elements, but for what makes a power of two or whole warps of them.
inline unsigned row_threads(int64_t elements) {
  constexpr unsigned most = 4 * warp_threads;
  if (elements >= most) return most;
  const auto wanted = static_cast<unsigned>(elements);
  return wanted < warp_threads ? std::bit_ceil(wanted) : warps_of(wanted) * warp_threads;
}

template <class Row>
void launch_row(const RowWalk& walk) {
  const unsigned threads = row_threads(walk.size);
  launch({.blocks = static_cast<unsigned>(walk.rows.count),
          .threads = threads,
          .shared_bytes = warps_of(threads) * sizeof(double)},
         change_row<Row>, walk);
}

template <class... Rows>
void add_entries(std::vector<RowEntry>& table, KernelList<Rows...>) {
  (table.push_back({functor_tag<Rows>(), launch_row<Rows>}), ...);
}

}  // namespace engine::ENGINE_MACHINE
