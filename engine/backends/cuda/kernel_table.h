// Kernel tables: which launches there are for which functor. A functor is known by its tag.
#pragma once

#include <array>
#include <vector>

#include "engine/backends/cuda/walk.h"
#include "engine/kernels/compute_type.h"

namespace engine {

// Null where it is not compiled.
struct PointwiseEntry {
  const void* functor = nullptr;
  std::array<void (*)(const PointwiseWalk&), compute_type_count> launches{};
};
struct FoldEntry {
  const void* functor = nullptr;
  std::array<void (*)(const FoldWalk&), compute_type_count> launches{};
};
struct RowEntry {
  const void* functor = nullptr;
  void (*launch)(const RowWalk&) = nullptr;
};

}  // namespace engine
