// unary(): the declaration of a unary pointwise operator by its name and functor. Adds the schemas of all
// forms, rule, compute functor and, if there is none, the input domain. An operator whose functor is compiled
// for floating dtypes alone computes integers in the default dtype.
#pragma once

#include <string>

#include "engine/ops/formulas.h"
#include "engine/ops/pointwise.h"

namespace engine::ops {

struct UnaryForms {
  bool in_place = true, out = true;
};

OperatorDeclaration unary(const std::string& name, const PointwiseKernel& kernel, OperatorDeclaration rest,
                          UnaryForms forms = {});

}  // namespace engine::ops
