#include "engine/backends/cpu/cpu_machine.h"

#include <algorithm>
#include <cstring>

#include "engine/backends/cpu/blocks.h"
#include "engine/backends/cpu/pointwise.h"
#include "engine/backends/cpu/products.h"
#include "engine/backends/cpu/reduction.h"
#include "engine/backends/lanes.h"

namespace engine::cpu {

namespace {

// Positions at which rows along `dim` begin.
std::vector<int64_t> row_positions(const Tensor& tensor, size_t dim) {
  Dims sizes = tensor.sizes().copy();
  sizes[dim] = 1;
  return positions_of(sizes, tensor.strides());
}

class CpuMachine final : public Machine {
 public:
  void pointwise(const PointwiseKernel& kernel, DType common, const Tensor& out,
                 std::span<const PointwiseOperand> operands) const override {
    cpu::run_pointwise(kernel, common, out, operands);
  }
  void reduction(const ReductionKernel& kernel, DType common, const Tensor& out, const Tensor& self,
                 const std::vector<bool>& reduced) const override {
    run_reduction(kernel, common, out, self, reduced);
  }
  void product(const Tensor& out, const Tensor& a, const Tensor& b) const override {
    matrix_product(out, a, b);
  }

  void rows(const RowKernel& kernel, const Tensor& given_out, const Tensor& given_self,
            size_t dim) const override {
    if (given_self.element_count() == 0) return;
    const Tensor out = with_dimension(given_out), self = with_dimension(given_self);
    const std::vector<int64_t> from = row_positions(self, dim), to = row_positions(out, dim);
    const int64_t count = self.size(dim);
    std::vector<double> row(static_cast<size_t>(count));
    auto* const bytes = reinterpret_cast<std::byte*>(row.data());
    for (size_t i = 0; i < from.size(); ++i) {
      load_block(ComputeType::f64, bytes, self.dtype(), address_of(self, from[i]), self.stride(dim), count);
      kernel.row(row.data(), count);
      store_block(out.dtype(), address_of(out, to[i]), out.stride(dim), ComputeType::f64, bytes, count);
    }
  }

  void gather(const Tensor& out, const Tensor& given_self, size_t dim, const Tensor& index) const override {
    if (out.element_count() == 0) return;
    const Tensor self = with_dimension(given_self);
    const std::vector<int64_t> from = positions_of(index.sizes(), strides_beside(self, dim, index.rank()));
    const std::vector<int64_t> to = positions_of(out.sizes(), out.strides());
    size_t i = 0;
    for_each_position(index.sizes(), index.strides(), 0, [&](int64_t at) {
      const int64_t chosen = from[i] + load_element<int64_t>(index, at) * self.stride(dim);
      std::memcpy(address_of(out, to[i++]), address_of(self, chosen), size_of(self.dtype()));
    });
  }
};

}  // namespace

const Machine& machine() {
  static const CpuMachine cpu;
  return cpu;
}

}  // namespace engine::cpu
