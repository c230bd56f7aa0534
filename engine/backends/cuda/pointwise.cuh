// Pointwise kernels: one thread for each element. Kernels are compiled for each functor and compute type;
// code that depends on dtypes and strides is compiled once for each compute type.
#pragma once

#include <utility>

#include "engine/backends/cuda/element.cuh"
#include "engine/backends/cuda/kernel_table.cuh"
#include "engine/backends/cuda/walk.h"
#include "engine/kernels/pointwise_kernel.h"

namespace engine::ENGINE_MACHINE {

template <class T>
ENGINE_DEVICE T operand(const PointwiseWalk& walk, size_t which, int64_t position) {
  const PointwiseWalk::Operand& from = walk.operands[which];
  const T value = from.tensor.data
                      ? read_element<T>(from.tensor.dtype, from.tensor.at(walk.positions, position))
                      : *reinterpret_cast<const T*>(from.number);
  return from.rounded ? rounded_to(walk.common, value) : value;
}

template <class F, class T, size_t... I>
ENGINE_DEVICE void compute_element(const PointwiseWalk& walk, int64_t position, std::index_sequence<I...>) {
  const auto result = F{}(operand<T>(walk, I, position)...);
  write_element(walk.out.dtype, walk.out.at(walk.positions, position), result);
}

template <class F, size_t arity, class T>
ENGINE_KERNEL void pointwise(PointwiseWalk walk) {
  const int64_t position = int64_t{blockIdx.x} * blockDim.x + threadIdx.x;
  if (position < walk.positions.count)
    compute_element<F, T>(walk, position, std::make_index_sequence<arity>());
}

template <class F, size_t arity, class T>
void launch_pointwise(const PointwiseWalk& walk) {
  launch(element_grid(walk.positions.count), pointwise<F, arity, T>, walk);
}

template <class F, size_t arity, DTypes dtypes>
void add_entry(KernelTable<PointwiseWalk>& table, Pointwised<F, arity, dtypes>) {
  KernelEntry<PointwiseWalk> entry{functor_tag<F>(), {}};
  for_each_compute_type<dtypes>([&]<class T>() {
    entry.launches[static_cast<size_t>(compute_type<T>())] = launch_pointwise<F, arity, T>;
  });
  table.push_back(entry);
}

}  // namespace engine::ENGINE_MACHINE
