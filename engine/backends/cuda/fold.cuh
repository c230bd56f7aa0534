// Folds: a block folds the elements of one result. Each thread folds every blockDim.x-th of them; the states
// are merged in shared memory, in halves, so that the order depends on the number of elements only.
#pragma once

#include "engine/backends/cuda/element.cuh"
#include "engine/backends/cuda/kernel_table.cuh"
#include "engine/backends/cuda/walk.h"
#include "engine/kernels/reduction_kernel.h"

namespace engine::ENGINE_MACHINE {

// Loads an element, rounded to the common dtype. As a bool, a fraction is true.
template <class T>
ENGINE_DEVICE T folded_element(const FoldWalk& walk, const std::byte* at) {
  if constexpr (std::is_same_v<T, int64_t>)
    if (walk.common == DType::b8) return read_element<bool>(walk.self.dtype, at);
  const T value = read_element<T>(walk.self.dtype, at);
  return walk.rounded ? rounded_to(walk.common, value) : value;
}

template <class F, class T>
ENGINE_KERNEL void fold(FoldWalk walk) {
  using State = typename F::template State<T>;
  auto* const states = shared_memory<State>();
  const std::byte* const self = walk.self.at(walk.kept, blockIdx.x);
  State mine{};
  for (int64_t i = threadIdx.x; i < walk.folded.count; i += blockDim.x) {
    const std::byte* const at = self + walk.along.place(walk.folded, i) * walk.self.width;
    mine.fold(folded_element<T>(walk, at), i);
  }
  states[threadIdx.x] = mine;
  for (unsigned half = blockDim.x / 2; half > 0; half /= 2) {
    barrier();
    if (threadIdx.x < half) states[threadIdx.x].merge(states[threadIdx.x + half]);
  }
  if (threadIdx.x == 0)
    write_element(walk.out.dtype, walk.out.at(walk.kept, blockIdx.x), states[0].finish(walk.folded.count));
}

// A power of two, and no more threads than elements.
inline unsigned fold_threads(int64_t elements) {
  constexpr unsigned most = 128;
  unsigned threads = 1;
  while (threads < most && threads < elements) threads *= 2;
  return threads;
}

template <class F, class T>
void launch_fold(const FoldWalk& walk) {
  const unsigned threads = fold_threads(walk.folded.count);
  launch({.blocks = static_cast<unsigned>(walk.kept.count),
          .threads = threads,
          .shared_bytes = threads * sizeof(typename F::template State<T>)},
         fold<F, T>, walk);
}

template <class F, DTypes dtypes>
void add_entry(KernelTable<FoldWalk>& table, Folded<F, dtypes>) {
  KernelEntry<FoldWalk> entry{functor_tag<F>(), {}};
  for_each_compute_type<dtypes>(
      [&]<class T>() { entry.launches[static_cast<size_t>(compute_type<T>())] = launch_fold<F, T>; });
  table.push_back(entry);
}

}  // namespace engine::ENGINE_MACHINE
