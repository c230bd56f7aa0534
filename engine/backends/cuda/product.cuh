// Matrix products in square tiles: a block computes one tile of the result and walks along the inner
// dimension, tile by tile, through shared memory. Terms are added in order, in the wider type, as on the CPU.
#pragma once

#include "engine/backends/cuda/element.cuh"
#include "engine/backends/cuda/walk.h"
#include "engine/kernels/reduction_kernel.h"

namespace engine::ENGINE_MACHINE {

template <class T>
ENGINE_DEVICE Wider<T> read_term(const ProductWalk::Matrix& matrix, int64_t row, int64_t column) {
  return math::cast<Wider<T>>(
      read_element<T>(matrix.dtype, matrix.data + row * matrix.row + column * matrix.column));
}

template <class T>
ENGINE_KERNEL void multiply(ProductWalk walk) {
  using Sum = Wider<T>;
  const unsigned side = blockDim.x, x = threadIdx.x, y = threadIdx.y;
  const auto tiles = static_cast<unsigned>((walk.n + side - 1) / side);
  const int64_t row = int64_t{blockIdx.x / tiles} * side + y, column = int64_t{blockIdx.x % tiles} * side + x;
  Sum* const tile_a = shared_memory<Sum>();
  Sum* const tile_b = tile_a + side * side;
  Sum sum{};
  for (int64_t start = 0; start < walk.k; start += side) {
    const bool in_a = row < walk.m && start + x < walk.k, in_b = start + y < walk.k && column < walk.n;
    tile_a[y * side + x] = in_a ? read_term<T>(walk.a, row, start + x) : Sum{};
    tile_b[y * side + x] = in_b ? read_term<T>(walk.b, start + y, column) : Sum{};
    barrier();
    for (unsigned l = 0; l < side && start + l < walk.k; ++l)
      sum = math::add(sum, math::mul(tile_a[y * side + l], tile_b[l * side + x]));
    barrier();
  }
  if (row < walk.m && column < walk.n)
    write_element(walk.out.dtype, walk.out.data + row * walk.out.row + column * walk.out.column,
                  math::cast<T>(sum));
}

template <class T>
void launch_product(const ProductWalk& walk) {
  const unsigned side = walk.m > 8 && walk.n > 8 ? 16 : walk.m > 4 && walk.n > 4 ? 8 : 4;
  const int64_t tiles = (walk.m + side - 1) / side * ((walk.n + side - 1) / side);
  launch({.blocks = static_cast<unsigned>(tiles),
          .threads = side,
          .threads_y = side,
          .shared_bytes = 2 * side * side * sizeof(Wider<T>)},
         multiply<T>, walk);
}

}  // namespace engine::ENGINE_MACHINE
