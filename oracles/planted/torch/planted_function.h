// What planted operators with a derivative of their own include.
#pragma once

#include "oracles/planted/torch/planted.h"
// The value type comes first.
#include <torch/csrc/autograd/custom_function.h>

using Variables = torch::autograd::variable_list;

// The kernel at Autograd.
template <class Function>
at::Tensor applied(const at::Tensor& self) {
  return Function::apply(self);
}
