// Pointwise operators: rule and compute functor of operators that compute one element from one element of
// each operand. Operands are broadcast and promoted. Numbers are operands like tensors, and promote last.
#pragma once

#include <vector>

#include "engine/kernels/pointwise_kernel.h"
#include "engine/ops/declaration.h"

namespace engine::ops {

struct Pointwise {
  PointwiseKernel kernel = {};
  PointwiseKernel of_bools = {};        // for bool operands, if it has an arity
  std::vector<size_t> operands = {0};   // places of the kernel's operands: tensors and numbers
  size_t conditions = 0;                // this many leading operands are conditions, which do not promote
  std::vector<size_t> parameters = {};  // places of further numbers, which do not promote (alpha)
  bool floating = false;                // integers are computed in the default dtype
  bool wide_numbers = false;            // numbers are not rounded to a half dtype
  // Refuses arguments that only this operator refuses. `common` is the promoted dtype.
  void (*check)(const CallArguments&, DType common) = nullptr;
};

Rule pointwise_rule(Pointwise op);
// `op` must outlive the result.
PointwiseCall pointwise_call(const Pointwise& op, const CallArguments& args);
// The machine call that `elements` returns.
Compute compute_of(Elements elements);
// Adds the schemas, rule, compute, elements, dtypes and pointwise.
OperatorDeclaration pointwise_declaration(const FormNames& names, const Pointwise& op,
                                          OperatorDeclaration rest);

}  // namespace engine::ops
