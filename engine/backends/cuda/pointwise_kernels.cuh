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

KernelTable<PointwiseWalk> pointwise_table() {
  return table_of<PointwiseWalk>(functors::ArithmeticKernels{}, functors::ComparisonKernels{},
                                 functors::ElementaryKernels{}, functors::ExactKernels{},
                                 functors::TernaryKernels{});
}

}  // namespace engine::ENGINE_MACHINE
