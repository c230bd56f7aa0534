// Gathering: one thread for each element, which copies its bytes.
#pragma once

#include "engine/backends/cuda/element.cuh"
#include "engine/backends/cuda/walk.h"

namespace engine::ENGINE_MACHINE {

template <class Index>
ENGINE_KERNEL void gather(GatherWalk walk) {
  const int64_t position = int64_t{blockIdx.x} * blockDim.x + threadIdx.x;
  if (position >= walk.positions.count) return;
  const int64_t chosen = *reinterpret_cast<const Index*>(walk.index.at(walk.positions, position));
  const std::byte* const from = walk.self.at(walk.positions, position) + chosen * walk.step * walk.self.width;
  std::byte* const to = walk.out.at(walk.positions, position);
  for (int64_t i = 0; i < walk.self.width; ++i) to[i] = from[i];
}

template <class Index>
void launch_gather(const GatherWalk& walk) {
  launch(element_grid(walk.positions.count), gather<Index>, walk);
}

}  // namespace engine::ENGINE_MACHINE
