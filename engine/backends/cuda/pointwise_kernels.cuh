// The table of pointwise kernels: every functor of engine/ops/functors.
#pragma once

#include "engine/backends/cuda/cuda_machine.cuh"
#include "engine/backends/cuda/pointwise.cuh"
#include "engine/ops/functors/arithmetic.h"
#include "engine/ops/functors/comparison.h"
#include "engine/ops/functors/elementary.h"
#include "engine/ops/functors/exact.h"
#include "engine/ops/functors/ternary.h"

namespace engine::ENGINE_MACHINE {

std::vector<PointwiseEntry> pointwise_table() {
  std::vector<PointwiseEntry> table;
  add_entries(table, ops::functors::ArithmeticKernels{});
  add_entries(table, ops::functors::ComparisonKernels{});
  add_entries(table, ops::functors::ElementaryKernels{});
  add_entries(table, ops::functors::ExactKernels{});
  add_entries(table, ops::functors::TernaryKernels{});
  return table;
}

}  // namespace engine::ENGINE_MACHINE
