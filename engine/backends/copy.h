// Copies and fills on any machine, by its pointwise kernels, and copies between machines.
#pragma once

#include "engine/core/scalar.h"
#include "engine/core/tensor.h"

namespace engine {

// Copies the elements in memory, cast; `from` broadcasts. The two may not overlap.
void copy_elements(const Tensor& to, const Tensor& from);

// Sets the value of every element to the number, cast. The value is seen through the tensor's lazy bits.
void fill_elements(const Tensor& to, const Scalar& number);

// Copies values, cast: lazy conjugation and negation of either side are resolved, a ZeroTensor is read as
// zeros. `from` broadcasts. The two may not overlap.
void copy_values(const Tensor& to, const Tensor& from);

// For bool and non-integral elements: a bool tensor, in which fractions are true. (A cast to integer first
// would make them false.) Otherwise the tensor itself.
Tensor truths_for(DType dtype, const Tensor& self);

// The elements in memory that the host reads: the tensor itself, or a contiguous copy without its lazy bits.
Tensor on_host(const Tensor& self);

}  // namespace engine
