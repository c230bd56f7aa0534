// Pointwise operators: rule and compute functor of operators that give one element for one element of each
// operand. Operands broadcast and are promoted; numbers are operands like tensors, and count least.
#pragma once

#include <string>
#include <vector>

#include "engine/kernels/pointwise_kernel.h"
#include "engine/ops/declaration.h"

namespace engine::ops {

struct Pointwise {
  PointwiseKernel kernel = {};
  PointwiseKernel of_bools = {};        // where bools are no small integers; arity 0: there is no difference
  std::vector<size_t> operands = {0};   // places of the kernel's operands: tensors and numbers
  size_t conditions = 0;                // so many of them lead that are only asked whether they are zero
  std::vector<size_t> parameters = {};  // places of numbers behind them, which do not promote (alpha)
  bool floating = false;                // integers are computed in the default dtype
  bool wide_numbers = false;            // numbers are not rounded to a half dtype, as tensors of it would be
  // Refuses arguments that only this operator refuses; sees the dtype that the operands meet in.
  void (*check)(const CallArguments&, DType common) = nullptr;
};

Rule pointwise_rule(Pointwise op);
Compute pointwise_compute(Pointwise op);
// Fills rule, compute, dtypes and pointwise of a declaration.
OperatorDeclaration pointwise_declaration(Pointwise op, OperatorDeclaration rest);

// The three schemas of an operator by its name, of aten where it says no namespace, and its arguments: "exp",
// "Tensor self". Overloads are
// "Tensor", "Scalar" ...; out= has the overload `out` when it is given.
struct FormNames {
  std::string name, overload, arguments, out_overload = "out";
  bool in_place = true, out = true;
};
void name_forms(OperatorDeclaration& declaration, const FormNames& names);

}  // namespace engine::ops
