#include "engine/backends/cpu/cpu_machine.h"

#include "engine/backends/cpu/gather.h"
#include "engine/backends/cpu/pointwise.h"
#include "engine/backends/cpu/products.h"
#include "engine/backends/cpu/reduction.h"
#include "engine/backends/cpu/rows.h"

namespace engine::cpu {

namespace {

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
  void rows(const RowKernel& kernel, const Tensor& out, const Tensor& self, size_t dim) const override {
    run_rows(kernel, out, self, dim);
  }
  void product(const Tensor& out, const Tensor& a, const Tensor& b) const override {
    matrix_product(out, a, b);
  }
  void gather(const Tensor& out, const Tensor& self, size_t dim, const Tensor& index) const override {
    run_gather(out, self, dim, index);
  }
};

}  // namespace

const Machine& machine() {
  static const CpuMachine cpu;
  return cpu;
}

}  // namespace engine::cpu
