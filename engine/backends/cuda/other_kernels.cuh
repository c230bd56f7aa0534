// The tables of folds and rows, matrix products and gathering.
#pragma once

#include "engine/backends/cuda/cuda_machine.cuh"
#include "engine/backends/cuda/fold.cuh"
#include "engine/backends/cuda/gather.cuh"
#include "engine/backends/cuda/product.cuh"
#include "engine/backends/cuda/row.cuh"
#include "engine/kernels/functors/folds.h"
#include "engine/kernels/functors/rows.h"

namespace engine::ENGINE_MACHINE {

KernelTable<FoldWalk> fold_table() { return table_of<FoldWalk>(functors::FoldKernels{}); }
KernelTable<RowWalk> row_table() { return table_of<RowWalk>(functors::RowKernels{}); }

void launch_product_of(ComputeType type, const ProductWalk& walk) {
  with_compute_type(type, [&]<class T>() { launch_product<T>(walk); });
}

void launch_gather_by(DType index, const GatherWalk& walk) {
  index == DType::i32 ? launch_gather<int32_t>(walk) : launch_gather<int64_t>(walk);
}

}  // namespace engine::ENGINE_MACHINE
