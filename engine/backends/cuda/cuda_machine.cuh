// The machine of CUDA kernels: fills walks on the host and looks up launches. ENGINE_MACHINE names the
// namespace of the kernels that it launches: `cuda` or `host_cuda`.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "engine/backends/cuda/kernel_table.cuh"
#include "engine/backends/lanes.h"
#include "engine/backends/machine.h"
#include "engine/core/error.h"

namespace engine::ENGINE_MACHINE {

KernelTable<PointwiseWalk> pointwise_table();  // pointwise_kernels.cuh
KernelTable<FoldWalk> fold_table();            // and from here on other_kernels.cuh
KernelTable<RowWalk> row_table();
void launch_product_of(ComputeType type, const ProductWalk& walk);
void launch_gather_by(DType index, const GatherWalk& walk);

template <class Walk>
auto launch_of(const KernelTable<Walk>& table, const void* functor, ComputeType type) {
  const auto found =
      std::find_if(table.begin(), table.end(), [&](const auto& entry) { return entry.functor == functor; });
  const auto launch = found == table.end() ? nullptr : found->launches[static_cast<size_t>(type)];
  if (!launch) throw Error("there is no CUDA kernel for this functor and dtype", ErrorKind::not_implemented);
  return launch;
}

inline DType compiled(DType dtype) {
  if (!is_computed(dtype))
    throw Error("there is no CUDA kernel for " + std::string(name_of(dtype)), ErrorKind::not_implemented);
  return dtype;
}

// A tensor without elements may have no memory: its steps are 0.
inline WalkedTensor walked(const Tensor& tensor, IntSpan strides) {
  return {static_cast<std::byte*>(tensor.data()), compiled(tensor.dtype()),
          static_cast<int64_t>(size_of(tensor.dtype())),
          tensor.element_count() == 0 ? Steps{} : Steps::over(strides)};
}

class CudaMachine final : public Machine {
 public:
  void pointwise(const PointwiseKernel& kernel, DType common, const Tensor& out,
                 std::span<const PointwiseOperand> operands) const override {
    if (out.element_count() == 0) return;
    const ComputeType type = compute_type_of(common);
    const auto launch = launch_of(pointwise_, kernel.functor, type);
    Dims sizes = out.sizes().copy();
    std::array<Lane, PointwiseWalk::most_operands + 1> lanes;
    lanes[0] = lane_of(out, sizes);
    PointwiseWalk walk;
    walk.common = common;
    for (size_t i = 0; i < operands.size(); ++i) {
      const PointwiseOperand& operand = operands[i];
      lanes[i + 1].strides = Dims(sizes.size(), 0);
      if (operand.tensor)
        lanes[i + 1] = lane_of(*operand.tensor, sizes);
      else
        number_as(type, operand.number, walk.operands[i].number);
      walk.operands[i].rounded = operand.rounded && !(operand.tensor && operand.tensor->dtype() == common);
    }
    simplify(sizes, std::span(lanes.data(), operands.size() + 1));
    walk.positions = Positions::of(sizes);
    const auto of_lane = [](const Lane& lane) {
      return WalkedTensor{lane.data, compiled(lane.dtype), lane.width(), Steps::over(lane.strides)};
    };
    walk.out = of_lane(lanes[0]);
    for (size_t i = 0; i < operands.size(); ++i) walk.operands[i].tensor = of_lane(lanes[i + 1]);
    launch(walk);
  }

  void reduction(const ReductionKernel& kernel, DType common, const Tensor& out, const Tensor& self,
                 const std::vector<bool>& reduced) const override {
    const auto launch = launch_of(folds_, kernel.functor, compute_type_of(common));
    const bool keeps_ones = out.rank() == self.rank();
    Dims kept, folded, self_kept, self_folded, out_kept;
    for (size_t d = 0, at = 0; d < self.rank(); ++d) {
      (reduced[d] ? folded : kept).push_back(self.size(d));
      (reduced[d] ? self_folded : self_kept).push_back(self.stride(d));
      if (!reduced[d]) out_kept.push_back(out.stride(keeps_ones ? d : at++));
    }
    FoldWalk walk;
    walk.kept = Positions::of(kept);
    walk.folded = Positions::of(folded);
    if (walk.kept.count == 0) return;
    walk.out = walked(out, out_kept);
    walk.self = walked(self, self_kept);
    walk.along = Steps::over(self_folded);
    walk.common = common;
    walk.rounded = self.dtype() != common;
    launch(walk);
  }

  void rows(const RowKernel& kernel, const Tensor& given_out, const Tensor& given_self,
            size_t dim) const override {
    if (given_self.element_count() == 0) return;
    const auto launch = launch_of(rows_, kernel.functor, ComputeType::f64);
    const Tensor out = with_dimension(given_out), self = with_dimension(given_self);
    RowWalk walk;
    walk.size = self.size(dim);
    walk.self_step = self.stride(dim);
    walk.out_step = out.stride(dim);
    Dims sizes = self.sizes().copy();
    sizes[dim] = 1;
    walk.rows = Positions::of(sizes);
    walk.out = walked(out, out.strides());
    walk.self = walked(self, self.strides());
    const Tensor scratch = make_tensor(DType::f64, {walk.rows.count, walk.size}, self.device());
    walk.scratch = scratch.data<double>();
    launch(walk);
  }

  void product(const Tensor& out, const Tensor& a, const Tensor& b) const override {
    if (out.element_count() == 0) return;
    const auto matrix = [](const Tensor& tensor) {
      const auto width = static_cast<int64_t>(size_of(tensor.dtype()));
      return ProductWalk::Matrix{static_cast<std::byte*>(tensor.data()), compiled(tensor.dtype()),
                                 tensor.stride(0) * width, tensor.stride(1) * width};
    };
    launch_product_of(compute_type_of(out.dtype()),
                      {a.size(0), a.size(1), b.size(1), matrix(out), matrix(a), matrix(b)});
  }

  void gather(const Tensor& out, const Tensor& given_self, size_t dim, const Tensor& index) const override {
    if (out.element_count() == 0) return;
    const Tensor self = with_dimension(given_self);
    GatherWalk walk;
    walk.positions = Positions::of(index.sizes());
    walk.out = walked(out, out.strides());
    walk.self = walked(self, strides_beside(self, dim, index.rank()));
    walk.index = walked(index, index.strides());
    walk.step = self.stride(dim);
    launch_gather_by(index.dtype(), walk);
  }

 private:
  const KernelTable<PointwiseWalk> pointwise_ = pointwise_table();
  const KernelTable<FoldWalk> folds_ = fold_table();
  const KernelTable<RowWalk> rows_ = row_table();
};

}  // namespace engine::ENGINE_MACHINE
