// Rows: a block is the team of one row (functors/rows.h). Scratch memory holds the row in f64.
#pragma once

#include <bit>

#include "engine/backends/cuda/element.cuh"
#include "engine/backends/cuda/kernel_table.cuh"
#include "engine/backends/cuda/walk.h"
#include "engine/kernels/row_kernel.h"

namespace engine::ENGINE_MACHINE {

constexpr unsigned warp_threads = 32;

ENGINE_DEVICE constexpr unsigned warps_of(unsigned threads) {
  return (threads + warp_threads - 1) / warp_threads;
}

// The threads of a block: whole warps, or a power of two below a warp. Each warp shuffles its values down to
// its first thread; shared memory combines the warps.
struct BlockTeam {
  double* values;  // one for each warp

  ENGINE_DEVICE int64_t rank() const { return threadIdx.x; }
  ENGINE_DEVICE int64_t size() const { return blockDim.x; }

  template <class Merge>
  ENGINE_DEVICE double merged(double x) const {
    const unsigned lanes = blockDim.x < warp_threads ? blockDim.x : warp_threads;
    for (unsigned delta = lanes / 2; delta > 0; delta /= 2) x = Merge::of(x, shuffle_down(x, delta));
    if (threadIdx.x % warp_threads == 0) values[threadIdx.x / warp_threads] = x;
    barrier();
    double all = values[0];
    for (unsigned warp = 1; warp < warps_of(blockDim.x); ++warp) all = Merge::of(all, values[warp]);
    barrier();  // before a thread writes the values of the next call
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

// The number of elements, rounded up to a power of two or to whole warps, at most four warps.
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

template <class Row>
void add_entry(KernelTable<RowWalk>& table, Row) {
  KernelEntry<RowWalk> entry{functor_tag<Row>(), {}};
  entry.launches[static_cast<size_t>(ComputeType::f64)] = launch_row<Row>;
  table.push_back(entry);
}

}  // namespace engine::ENGINE_MACHINE
