// Machine: runs kernels on tensors of any dtype and strides: the CPU, a GPU, and the GPU's kernels on the
// host. Promises: each function gives the same result on every machine, bit for bit unless it depends on the
// order of a sum. All tensors of a call are on the machine. Refuses, by Error(not_implemented), a kernel that
// was not compiled for it.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "engine/core/scalar.h"
#include "engine/core/tensor.h"
#include "engine/kernels/pointwise_kernel.h"
#include "engine/kernels/reduction_kernel.h"
#include "engine/kernels/row_kernel.h"

namespace engine {

// One operand of a pointwise kernel: a tensor that broadcasts to the result's sizes, or a number.
struct PointwiseOperand {
  const Tensor* tensor = nullptr;
  Scalar number = {};
  bool rounded = true;  // as a tensor of the common dtype would hold it
};

class Machine {
 public:
  virtual ~Machine() = default;

  // Computes in `common`. An operand that is the result itself, with the same strides, is read before it is
  // written.
  virtual void pointwise(const PointwiseKernel& kernel, DType common, const Tensor& out,
                         std::span<const PointwiseOperand> operands) const = 0;
  // Folds the dimensions of `self` that `reduced` marks, computing in `common`. `out` has the other
  // dimensions in order; it may also have dimensions of size 1 for the reduced ones.
  virtual void reduction(const ReductionKernel& kernel, DType common, const Tensor& out, const Tensor& self,
                         const std::vector<bool>& reduced) const = 0;
  // Changes each row along `dim`. `out` and `self` have the same sizes and may be the same tensor.
  virtual void rows(const RowKernel& kernel, const Tensor& out, const Tensor& self, size_t dim) const = 0;
  // out[m, n] = a[m, k] b[k, n], all of one dtype. `out` overlaps neither.
  virtual void product(const Tensor& out, const Tensor& a, const Tensor& b) const = 0;
  // out[.., i, ..] = self[.., index[.., i, ..], ..] along `dim`. `index` has the sizes of out and holds
  // integers in range of self; out and self have one dtype.
  virtual void gather(const Tensor& out, const Tensor& self, size_t dim, const Tensor& index) const = 0;
};

// The machine of a device. Refuses, by Error(not_implemented), meta and devices without one.
const Machine& machine_of(Device device);

// Runs on the result's machine. Operands on another device are copied there first.
void run_pointwise(const PointwiseKernel& kernel, DType common, const Tensor& out,
                   std::span<const PointwiseOperand> operands);

}  // namespace engine
