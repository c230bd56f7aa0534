// Machine: where functors run. Operators say what is computed by kernels of one element or one fold; a
// machine walks tensors of any dtype and strides and runs them: the CPU, a GPU, and the GPU's kernels on the
// host. Promises: each of its functions means the same on every machine, bit for bit where the order of a sum
// has no part in it. All tensors of a call live on the machine. Refuses, by Error(not_implemented), a kernel
// that was not compiled for it.
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
  bool rounded = true;  // to what a tensor of the common dtype would hold
};

class Machine {
 public:
  virtual ~Machine() = default;

  // Operands meet in `common`; the result has the dtype that the kernel gives for it. An operand that is the
  // result itself, with the same strides, is read before it is written.
  virtual void pointwise(const PointwiseKernel& kernel, DType common, const Tensor& out,
                         std::span<const PointwiseOperand> operands) const = 0;
  // Folds the dimensions of `self` that `reduced` marks, computing in `common`; `out` has a dimension for
  // each of the others, in order, and perhaps ones for the reduced.
  virtual void reduction(const ReductionKernel& kernel, DType common, const Tensor& out, const Tensor& self,
                         const std::vector<bool>& reduced) const = 0;
  // Each row along `dim`; `out` and `self` have the same sizes and may be the same tensor.
  virtual void rows(const RowKernel& kernel, const Tensor& out, const Tensor& self, size_t dim) const = 0;
  // out[m, n] = a[m, k] b[k, n], all of one dtype. `out` overlaps neither.
  virtual void product(const Tensor& out, const Tensor& a, const Tensor& b) const = 0;
  // out[.., i, ..] = self[.., index[.., i, ..], ..], the place along `dim`. `index` has out's sizes and holds
  // integers, all of them within self; out and self have one dtype.
  virtual void gather(const Tensor& out, const Tensor& self, size_t dim, const Tensor& index) const = 0;
};

// That of a device. Refuses meta, and devices that no machine here runs, by Error(not_implemented).
const Machine& machine_of(Device device);

// On the result's machine. A 0-dim tensor from elsewhere goes along.
void run_pointwise(const PointwiseKernel& kernel, DType common, const Tensor& out,
                   std::span<const PointwiseOperand> operands);

}  // namespace engine
