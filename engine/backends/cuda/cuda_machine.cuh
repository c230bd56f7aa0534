// The machine of CUDA kernels, for whoever can launch them: fills walks on the host and looks up launches.
#pragma once

#include <algorithm>
#include <vector>

#include "engine/backends/cuda/kernel_table.h"
#include "engine/backends/lanes.h"
#include "engine/backends/machine.h"
#include "engine/core/error.h"

namespace engine::ENGINE_MACHINE {

// The kernels that are compiled, each in a file of its own.
std::vector<PointwiseEntry> pointwise_table();
std::vector<FoldEntry> fold_table();
std::vector<RowEntry> row_table();
void launch_product_of(ComputeType type, const ProductWalk& walk);
void launch_gather_by(DType index, const GatherWalk& walk);

template <class Entry>
const Entry& entry_of(const std::vector<Entry>& table, const void* functor) {
  const auto found =
      std::find_if(table.begin(), table.end(), [&](const Entry& entry) { return entry.functor == functor; });
  if (found == table.end())
    throw Error("this functor is not compiled as a CUDA kernel", ErrorKind::not_implemented);
  return *found;
}

template <class Entry>
auto launch_of(const std::vector<Entry>& table, const void* functor, ComputeType type) {
  const auto launch = entry_of(table, functor).launches[static_cast<size_t>(type)];
  if (!launch)
    throw Error("this functor is not compiled as a CUDA kernel for the dtype", ErrorKind::not_implemented);
  return launch;
}

// A tensor without elements may have no memory to step in: all of its positions are one.
inline WalkedTensor walked(const Tensor& tensor, IntSpan strides) {
  return {static_cast<std::byte*>(tensor.data()), tensor.dtype(),
          static_cast<int64_t>(size_of(tensor.dtype())),
          tensor.element_count() == 0 ? Steps{} : Steps::over(strides)};
}

class CudaMachine final : public Machine {
 public:
  void pointwise(const PointwiseKernel& kernel, DType common, const Tensor& out,
                 std::span<const PointwiseOperand> operands) const override;
  void reduction(const ReductionKernel& kernel, DType common, const Tensor& out, const Tensor& self,
                 const std::vector<bool>& reduced) const override;
  void rows(const RowKernel& kernel, const Tensor& out, const Tensor& self, size_t dim) const override;
  void product(const Tensor& out, const Tensor& a, const Tensor& b) const override;
  void gather(const Tensor& out, const Tensor& self, size_t dim, const Tensor& index) const override;

 private:
  const std::vector<PointwiseEntry> pointwise_ = pointwise_table();
  const std::vector<FoldEntry> folds_ = fold_table();
  const std::vector<RowEntry> rows_ = row_table();
};

inline void CudaMachine::pointwise(const PointwiseKernel& kernel, DType common, const Tensor& out,
                                   std::span<const PointwiseOperand> operands) const {
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
    return WalkedTensor{lane.data, lane.dtype, lane.width(), Steps::over(lane.strides)};
  };
  walk.out = of_lane(lanes[0]);
  for (size_t i = 0; i < operands.size(); ++i) walk.operands[i].tensor = of_lane(lanes[i + 1]);
  launch(walk);
}

inline void CudaMachine::reduction(const ReductionKernel& kernel, DType common, const Tensor& out,
                                   const Tensor& self, const std::vector<bool>& reduced) const {
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

inline void CudaMachine::rows(const RowKernel& kernel, const Tensor& out, const Tensor& self,
                              size_t dim) const {
  if (self.element_count() == 0) return;
  const auto launch = entry_of(rows_, kernel.functor).launch;
  Dims sizes = self.sizes().copy();
  RowWalk walk;
  walk.size = 1;
  if (!sizes.empty()) {
    walk.size = sizes[dim];
    walk.self_step = self.stride(dim);
    walk.out_step = out.stride(dim);
    sizes[dim] = 1;
  }
  walk.rows = Positions::of(sizes);
  walk.out = walked(out, out.strides());
  walk.self = walked(self, self.strides());
  const Tensor scratch = make_tensor(DType::f64, {walk.rows.count, walk.size}, self.device());
  walk.scratch = scratch.data<double>();
  launch(walk);
}

inline void CudaMachine::product(const Tensor& out, const Tensor& a, const Tensor& b) const {
  if (out.element_count() == 0) return;
  const auto matrix = [](const Tensor& tensor) {
    const auto width = static_cast<int64_t>(size_of(tensor.dtype()));
    return ProductWalk::Matrix{static_cast<std::byte*>(tensor.data()), tensor.dtype(),
                               tensor.stride(0) * width, tensor.stride(1) * width};
  };
  launch_product_of(compute_type_of(out.dtype()),
                    {a.size(0), a.size(1), b.size(1), matrix(out), matrix(a), matrix(b)});
}

inline void CudaMachine::gather(const Tensor& out, const Tensor& self, size_t dim,
                                const Tensor& index) const {
  if (out.element_count() == 0) return;
  Dims sideways(index.rank(), 0);
  for (size_t d = 0; d < std::min(self.rank(), index.rank()); ++d)
    if (d != dim) sideways[d] = self.stride(d);
  GatherWalk walk;
  walk.positions = Positions::of(index.sizes());
  walk.out = walked(out, out.strides());
  walk.self = walked(self, sideways);
  walk.index = walked(index, index.strides());
  walk.step = self.rank() == 0 ? 0 : self.stride(dim);
  launch_gather_by(index.dtype(), walk);
}

}  // namespace engine::ENGINE_MACHINE
