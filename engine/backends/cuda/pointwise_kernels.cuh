// The table of pointwise kernels: every functor of engine/kernels/functors.
#pragma once

#include "engine/backends/cuda/cuda_machine.cuh"
#include "engine/backends/cuda/pointwise.cuh"
#include "engine/kernels/functors/arithmetic.h"
#include "engine/kernels/functors/comparison.h"
#include "engine/kernels/functors/elementary.h"
#include "engine/kernels/functors/exact.h"
#include "engine/kernels/functors/ternary.h"

namespace engine::ENGINE_MACHINE {

std::vector<PointwiseEntry> pointwise_table() {
  std::vector<PointwiseEntry> table;
  add_entries(table, functors::ArithmeticKernels{});
  add_entries(table, functors::ComparisonKernels{});
  add_entries(table, functors::ElementaryKernels{});
  add_entries(table, functors::ExactKernels{});
  add_entries(table, functors::TernaryKernels{});
  return table;
}

}  // namespace engine::ENGINE_MACHINE
